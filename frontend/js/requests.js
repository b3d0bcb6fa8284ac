// htmx: the CSRF token on what changes something, and aria-busy on what waits.
import { one } from './dom.js';

document.addEventListener('htmx:configRequest', ({ detail }) => {
  if (detail.verb !== 'get') detail.headers['X-CSRFToken'] = one('meta[name=csrf-token]').content;
});
document.addEventListener('htmx:beforeRequest', ({ detail }) => detail.target?.setAttribute('aria-busy', 'true'));
document.addEventListener('htmx:afterRequest', ({ detail }) => detail.target?.removeAttribute('aria-busy'));

// The server refused or was not reached: say so, instead of leaving a page that does not move.
const failed = () => dispatchEvent(new CustomEvent('zp:message', { detail: { tone: 'bad', text: one('meta[name=request-failed]')?.content } }));
document.addEventListener('htmx:responseError', failed);
document.addEventListener('htmx:sendError', failed);

// What the page takes back itself (the next letter was typed, the page is left) did not fail, and what did fail is told by an event of its own: htmx would write both into the console as errors.
htmx.logger = (_element, name, detail) => { if (['htmx:afterRequest', 'htmx:sendAbort'].includes(name)) delete detail.error; };

// Filters live in the address: fields left empty are no part of it, so that a shared link says only what it means.
document.addEventListener('htmx:configRequest', ({ detail: { elt, formData } }) => {
  if (!elt.matches('.zp-filter')) return;
  [...formData.entries()].filter(([, value]) => value === '').forEach(([name]) => formData.delete(name));
});
// What was typed has been searched already; the change that comes when the field is left would search it again.
document.addEventListener('change', event => { if (event.target.matches('.zp-filter [type=search]')) event.stopPropagation(); }, true);
