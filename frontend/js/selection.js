// Rows picked in a table, and the bar that says how many. A table's region holds its boxes and its bar.
import { all, one } from './dom.js';

document.addEventListener('change', ({ target }) => {
  if (!target.matches('[data-pick-all], [data-pick]')) return;
  const region = target.closest('.zp-table-region');
  const picks = all('[data-pick]', region);
  if (target.matches('[data-pick-all]')) picks.forEach(pick => { pick.checked = target.checked; });
  const count = picks.filter(pick => pick.checked).length;
  const master = one('[data-pick-all]', region);
  master.checked = count === picks.length;
  master.indeterminate = count > 0 && count < picks.length;
  const bar = one('.zp-bulk', region);
  if (bar) { bar.hidden = !count; one('[data-count]', bar).textContent = count; }
});
