// The command palette: Ctrl+K, or / outside of a field. The server searches; here are only the keys.
import { all, one } from './dom.js';

const palette = one('#palette');
const input = palette && one('input', palette);
const options = () => all('[role=option]', palette);

export function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  input.value = '';
  input.focus();
  htmx.trigger(input, 'zp:palette');
}

function select(option) {
  options().forEach(other => other.setAttribute('aria-selected', other === option));
  option.scrollIntoView({ block: 'nearest' });
  input.setAttribute('aria-activedescendant', option.id);
}

palette?.addEventListener('keydown', event => {
  if (event.isComposing) return;  // Enter also ends the typing of Chinese
  if (event.key === 'Escape') { event.preventDefault(); palette.close(); return; }  // a search field would only empty itself
  const list = options();
  if (!list.length) return;
  const at = list.findIndex(option => option.getAttribute('aria-selected') === 'true');
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    select(list[(at + step + list.length) % list.length]);
  } else if (event.key === 'Enter') {
    event.preventDefault();
    location.assign((list[at] ?? list[0]).dataset.href);
  }
});
palette?.addEventListener('click', ({ target }) => {
  const option = target.closest('[data-href]');
  if (option) location.assign(option.dataset.href);
});
palette?.addEventListener('htmx:afterSwap', () => { const [first] = options(); if (first) select(first); else input.removeAttribute('aria-activedescendant'); });
document.addEventListener('click', ({ target }) => { if (target.closest('[data-do=palette]')) openPalette(); });
