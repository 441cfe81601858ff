(() => {
  const search = document.getElementById("search");
  search.hidden = false;
  const checks = [...document.querySelectorAll(".check")].map((node) => [node, node.textContent.toLowerCase()]);
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const [node, text] of checks) node.hidden = !words.every((word) => text.includes(word));
    if (words.length) document.querySelectorAll(".group").forEach((group) => {
      group.open = Boolean(group.querySelector(".check:not([hidden])"));
    });
  });
  if (!navigator.clipboard) return;
  for (const box of document.querySelectorAll(".curl")) {
    const button = Object.assign(document.createElement("button"), { className: "copy", textContent: "copy" });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(box.querySelector("pre").textContent);
      button.textContent = "copied";
    });
    box.append(button);
  }
})();
