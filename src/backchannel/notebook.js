// Shows the report in a frame, in the notebook's own light or dark.
function themed(page) {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  const isDark = jpThemeLight === "false" || /dark/.test(vscodeThemeKind ?? "");
  const isLight = jpThemeLight === "true" || /light/.test(vscodeThemeKind ?? "");
  if (!isDark && !isLight) return page;
  return page.replace("<html", () => `<html data-theme="${isDark ? "dark" : "light"}"`);
}

function render({ model, el }) {
  const frame = document.createElement("iframe");
  frame.title = "Report";
  frame.style.cssText = "display: block; box-sizing: border-box; width: 100%; border: 1px solid #8888";
  let address = "";

  const show = () => {
    URL.revokeObjectURL(address);
    address = URL.createObjectURL(new Blob([themed(model.get("page"))], { type: "text/html" }));
    frame.src = address;
  };
  const resize = () => { frame.style.height = `${model.get("height")}px`; };

  show();
  resize();
  model.on("change:page", show);
  model.on("change:height", resize);
  el.append(frame);
  return () => {
    model.off("change:page", show);
    model.off("change:height", resize);
    URL.revokeObjectURL(address);
    frame.remove();
  };
}

export default { render };
