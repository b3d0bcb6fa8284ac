// Toasts: a response with the header HX-Trigger: {"zp:message": {"text": "…", "tone": "good"}} shows one.
import { one } from './dom.js';

const STAYS = 6000;  // milliseconds; an error stays until it is dismissed

function show({ detail: { text, tone = 'info' } }) {
  const template = one('#toast'), shelf = one('#toasts');
  if (!text || !template) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.classList.add(`zp-note-${tone}`);
  one('[data-text]', toast).textContent = text;
  shelf.append(toast);
  if (tone !== 'bad') setTimeout(() => toast.remove(), STAYS);
}
addEventListener('zp:message', show);
