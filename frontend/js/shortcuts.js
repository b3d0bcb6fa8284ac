// Keys outside of fields: / and Ctrl+K search, ? lists the keys, g and a letter goes to the page that has this letter.
import { all, one } from './dom.js';
import { openPalette } from './palette.js';

const PAUSE = 1200;  // after g, in milliseconds
let waiting = 0;

const typing = target => target.matches?.('input, textarea, select, [contenteditable]');

document.addEventListener('keydown', event => {
  if (event.key === 'k' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); openPalette(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one('dialog[open]')) return;
  if (event.key === '/') { event.preventDefault(); openPalette(); return; }
  if (event.key === '?') { one('#keys')?.showModal(); return; }
  if (Date.now() - waiting < PAUSE && /^[a-z0-9]$/.test(event.key)) {
    waiting = 0;
    one(`a[data-key="${event.key}"]`)?.click();
    return;
  }
  waiting = event.key === 'g' ? Date.now() : 0;
});

// The list of keys names the pages of the menu, which the page holds already.
const rest = one('#keys [data-rest]');
all('.zp-nav a[data-key]').forEach(link => {
  const [term, name] = [document.createElement('dt'), document.createElement('dd')];
  [term.innerHTML, name.textContent] = ['<kbd>g</kbd> <kbd></kbd>', one('span', link).textContent];
  one('kbd:last-child', term).textContent = link.dataset.key;
  rest?.before(term, name);
});
