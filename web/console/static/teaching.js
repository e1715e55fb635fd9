// @ts-check
// One more box that takes or gives all ticks at once; without this script each is set by hand.

const form = document.getElementById("some");
const boxes = /** @type {HTMLInputElement[]} */ ([...(form?.querySelectorAll('[name="ids"]') ?? [])]);

if (boxes.length > 1) {
  const all = document.createElement("input");
  all.type = "checkbox";
  const label = document.createElement("label");
  label.className = "all";
  label.append(all, " All of them");
  form?.querySelector("legend")?.after(label);

  const look = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  boxes.forEach((box) => box.addEventListener("change", look));
  look();
}
