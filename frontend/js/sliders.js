// A number that is dragged and the field that shows it: each follows the other. The field is what is sent, and of a
// form that tries values only those that were changed, so that its address says what is tried and nothing else.
import { all, one } from './dom.js';

document.addEventListener('input', ({ target }) => {
  if (target.matches('[data-slides]')) one(`#${target.dataset.slides}`).value = target.value;
  const slider = target.id && one(`[data-slides="${target.id}"]`);
  if (slider) slider.value = target.value;
});

document.addEventListener('htmx:configRequest', ({ detail: { elt, formData } }) => {
  if (!elt.matches('[data-only-changed]')) return;
  all('[data-drafted]', elt).filter(field => field.value === field.dataset.drafted).forEach(field => formData.delete(field.name));
});
