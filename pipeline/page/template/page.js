"use strict";
// Keeps nothing and asks for nothing: it shows one language, sorts and filters tables, and says what a point is.
const pages = document.querySelectorAll(".page");
const root = document.documentElement;

function show(language) {
  for (const page of pages) page.hidden = page.lang !== language;
  root.lang = language;
}
const asked = location.hash.slice(1, 3);
show(["en", "zh"].includes(asked) ? asked : navigator.language.startsWith("zh") ? "zh" : "en");
if (location.hash) document.querySelector(location.hash)?.scrollIntoView();
for (const button of document.querySelectorAll("button[data-language]"))
  button.addEventListener("click", () => show(button.dataset.language));

const dark = matchMedia("(prefers-color-scheme: dark)");
for (const button of document.querySelectorAll("button[data-theme-switch]"))
  button.addEventListener("click", () => {
    const now = root.dataset.theme ?? (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
  });

function key(row, place) {
  const cell = row.cells[place];
  return "order" in cell.dataset ? parseFloat(cell.dataset.order) : cell.textContent;
}
// What is missing stands last, whichever way the rest is sorted.
function compare(one, other, sign) {
  if (typeof one === "string") return sign * one.localeCompare(other, root.lang, { numeric: true });
  return Number.isNaN(one) - Number.isNaN(other) || sign * (one - other);
}
function sort(heading) {
  const table = heading.closest("table");
  const down = heading.getAttribute("aria-sort") !== "descending" && heading.classList.contains("number");
  const up = heading.getAttribute("aria-sort") !== "ascending" && !down;
  for (const one of table.querySelectorAll("th")) one.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", up ? "ascending" : "descending");
  const place = heading.cellIndex;
  const rows = [...table.tBodies[0].rows];
  rows.sort((a, b) => compare(key(a, place), key(b, place), up ? 1 : -1));
  table.tBodies[0].append(...rows);
}
for (const button of document.querySelectorAll("th button"))
  button.addEventListener("click", () => sort(button.closest("th")));

for (const input of document.querySelectorAll("input[type=search]"))
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const row of input.closest("figure").querySelectorAll("tbody tr"))
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });

const told = document.getElementById("told");
document.addEventListener("mousemove", (event) => {
  const text = event.target.closest?.("path[aria-label]")?.getAttribute("aria-label");
  told.hidden = !text;
  if (!text) return;
  told.textContent = text;
  told.style.left = Math.max(4, Math.min(event.clientX + 12, innerWidth - told.offsetWidth - 4)) + "px";
  told.style.top = Math.max(4, event.clientY - told.offsetHeight - 8) + "px";
});
