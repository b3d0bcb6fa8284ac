// The summary of errors takes the focus, on load and when htmx brings one, and its links focus the field they name.
import { one } from './dom.js';

const focusSummary = root => one('[data-error-summary]', root)?.focus();
focusSummary(document);
document.addEventListener('htmx:afterSwap', ({ detail }) => focusSummary(detail.target.parentNode ?? document));

document.addEventListener('click', event => {
  const link = event.target.closest('[data-error-summary] a[href^="#"]');
  const named = link && document.getElementById(link.hash.slice(1));
  if (!named) return;
  event.preventDefault();
  const field = named.matches('input, select, textarea') ? named : one('input, select, textarea', named) ?? named;
  field.focus({ preventScroll: true });
  (field.closest('.zp-field') ?? field).scrollIntoView({ block: 'center' });
});
