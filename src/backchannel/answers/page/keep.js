// Paper has no tabs: what is printed is the static page, whatever is open on the screen.
{
  const host = document.getElementById("backchannel");
  const paper = document.createElement("div");
  paper.className = "paper";
  paper.append(...[...host.childNodes].map((node) => node.cloneNode(true)));
  addEventListener("beforeprint", () => {
    if (host.querySelector(".static")) return;
    host.hidden = true;
    document.body.append(paper);
  });
  addEventListener("afterprint", () => {
    paper.remove();
    host.hidden = false;
  });
}
