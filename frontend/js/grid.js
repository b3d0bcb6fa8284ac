// The grid of bookings: arrow keys walk its cells, and free time is chosen by Enter or a click at its place.
import { all, one } from './dom.js';

const QUARTERS = 96;
const MORNING = 8 * 4;
const free = cell => cell.matches('td:not(.t, .x, :has(a))');
const clock = quarter => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String(quarter % 4 * 15).padStart(2, '0')}`;
const before = cell => [...cell.parentNode.cells].slice(1, cell.cellIndex).reduce((sum, { colSpan }) => sum + colSpan, 0);
const cellsOf = row => [...row.cells].slice(1);
const at = (row, quarter) => cellsOf(row).findLast(cell => before(cell) <= quarter);

// What takes the focus in a cell: the link of a booking, or the cell itself.
const target = cell => one('a', cell) ?? cell;

function focus(cell) {
  const grid = cell.closest('[data-grid]');
  all('[tabindex="0"]', grid).forEach(other => { other.tabIndex = -1; });
  if (free(cell)) {
    const from = before(cell);
    const words = { from: clock(from), until: clock(from + cell.colSpan) };
    cell.ariaLabel = grid.dataset.free.replace(/\{(\w+)\}/g, (_all, name) => words[name]);
  }
  target(cell).tabIndex = 0;
  target(cell).focus();
  target(cell).scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

// Where Enter begins: with the working day, where the free time goes over its beginning. A form takes any other time.
const beginning = cell => (before(cell) < MORNING && MORNING < before(cell) + cell.colSpan ? MORNING : before(cell));

function choose(cell, quarter) {
  const { grid, by } = cell.closest('[data-grid]').dataset;
  const begins = Math.min(quarter, QUARTERS - 1);
  location.assign(`${grid}&${by}=${cell.parentNode.dataset.q}&at=${clock(begins)}`);
}

const moves = {
  ArrowRight: cell => cell.nextElementSibling,
  ArrowLeft: cell => (cell.cellIndex > 1 ? cell.previousElementSibling : null),
  ArrowDown: cell => cell.parentNode.nextElementSibling && at(cell.parentNode.nextElementSibling, before(cell)),
  ArrowUp: cell => cell.parentNode.previousElementSibling && at(cell.parentNode.previousElementSibling, before(cell)),
  Home: cell => cellsOf(cell.parentNode)[0],
  End: cell => cellsOf(cell.parentNode).at(-1),
};

document.addEventListener('keydown', event => {
  const cell = event.target.closest('[data-grid] td');
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Enter' && free(cell)) choose(cell, beginning(cell));
  else if (moves[event.key]) {
    const next = moves[event.key](cell);
    if (next) focus(next);
  } else return;
  if (event.target === cell || moves[event.key]) event.preventDefault();
});

document.addEventListener('click', ({ target: clicked, clientX }) => {
  const cell = clicked.closest('[data-grid] td');
  if (!cell || !free(cell)) return;
  const { left, width } = cell.getBoundingClientRect();
  const halves = Math.floor((clientX - left) / width * cell.colSpan / 2) * 2;
  choose(cell, before(cell) + Math.max(0, halves));
});

// One stop of the Tab key for the whole grid, which begins where the day does.
const ready = root => all('[data-grid]', root).forEach(grid => {
  all('td', grid).forEach(cell => { target(cell).tabIndex = -1; });
  const first = one('tbody tr', grid);
  if (!first) return;
  const morning = at(first, MORNING);
  target(morning).tabIndex = 0;
  const scroller = grid.parentNode;
  scroller.scrollLeft = (grid.scrollWidth - grid.rows[0].cells[0].offsetWidth) * 7.75 / 24;
});
document.addEventListener('DOMContentLoaded', () => ready(document));
document.addEventListener('htmx:afterSettle', ({ detail }) => ready(detail.elt));
