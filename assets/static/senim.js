// Progressive enhancement only: every page works without this file.
(function () {
  "use strict";

  // Copy buttons appear when copying is possible.
  document.querySelectorAll("button[data-copy]").forEach(function (button) {
    var source = document.getElementById(button.dataset.copy);
    if (!source || !navigator.clipboard) return;
    var label = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(source.textContent.trim()).then(function () {
        button.textContent = button.dataset.copied || label;
        setTimeout(function () { button.textContent = label; }, 2500);
      });
    });
  });

  // Filter over the rows already on the page; Escape empties it.
  document.querySelectorAll("[data-filter]").forEach(function (box) {
    var table = document.getElementById(box.dataset.filter);
    var input = box.querySelector("input");
    var output = box.querySelector("output");
    if (!table || !input) return;
    var rows = Array.prototype.map.call(table.tBodies[0].rows, function (row) {
      return { row: row, text: row.textContent.toLowerCase() };
    });
    function apply() {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      var left = 0;
      rows.forEach(function (entry) {
        var fits = words.every(function (word) { return entry.text.indexOf(word) >= 0; });
        entry.row.hidden = !fits;
        if (fits) left += 1;
      });
      output.textContent = words.length ? box.dataset.count.replace("{}", left) : "";
    }
    box.hidden = false;
    input.addEventListener("input", apply);
    input.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { input.value = ""; apply(); }
    });
  });

  // A form sends once: a second press within five seconds is swallowed.
  document.addEventListener("submit", function (event) {
    var form = event.target, now = Date.now();
    if (form.sentAt && now - form.sentAt < 5000) event.preventDefault();
    else form.sentAt = now;
  });
})();
