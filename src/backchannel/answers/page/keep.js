// Paper has no tabs: what is printed is the static page, with the sections of the view that is open on the
// screen, and with what is unfolded there.
{
  const host = document.getElementById("backchannel");
  const paper = document.createElement("div");
  paper.className = "paper";
  paper.append(...[...host.childNodes].map((node) => node.cloneNode(true)));
  addEventListener("beforeprint", () => {
    if (host.querySelector(".static")) return;
    const view = host.querySelector("nav.tabs [aria-current=page]")?.hash.slice(1);
    for (const section of paper.querySelectorAll("details[data-view]")) section.open = section.dataset.view === view;
    for (const line of paper.querySelectorAll("details[data-prints]")) {
      line.open = Boolean(host.querySelector(`details[open][data-prints="${line.dataset.prints}"]`));
    }
    host.hidden = true;
    document.body.append(paper);
  });
  addEventListener("afterprint", () => {
    paper.remove();
    host.hidden = false;
  });
}
