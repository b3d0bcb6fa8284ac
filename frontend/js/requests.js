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
