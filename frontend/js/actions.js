// Buttons name what they do: data-do="theme", data-open="dialog-id". Menus are <details class="zp-menu">.
import { all, one } from './dom.js';

const actions = {
  theme: () => {
    const next = document.documentElement.dataset.bsTheme === 'dark' ? 'light' : 'dark';
    dispatchEvent(new CustomEvent('zp:theme', { detail: next }));
  },
  nav: button => {
    const open = one('#side').toggleAttribute('data-open');
    button.setAttribute('aria-expanded', open);
  },
  close: button => button.closest('dialog').close(),
  dismiss: button => button.closest('.zp-note').remove(),
  print: () => print(),
  // Empties a filter, which form.reset() would not: it goes back to what the page was loaded with.
  clear: button => {
    const form = button.form ?? one(button.dataset.form);
    all('input:not([type=hidden]), select', form).forEach(field => { field.value = ''; });
    form.requestSubmit();
  },
};

document.addEventListener('click', event => {
  const opener = event.target.closest('[data-open]');
  if (opener?.matches('button')) one(`#${opener.dataset.open}`).showModal();
  const button = event.target.closest('[data-do]');
  if (button) actions[button.dataset.do]?.(button);
  if (event.target.matches('dialog')) closeOutside(event);
  all('.zp-menu[open]').filter(menu => !menu.contains(event.target)).forEach(menu => { menu.open = false; });
});

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  all('.zp-menu[open]').forEach(menu => { menu.open = false; one('summary', menu).focus(); });
});

// A click on the backdrop is a click on the dialog itself, outside of its box.
function closeOutside({ target, clientX: x, clientY: y }) {
  const box = target.getBoundingClientRect();
  if (x < box.left || x > box.right || y < box.top || y > box.bottom) target.close();
}
