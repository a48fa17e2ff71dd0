// Diagrams of a document: each is drawn in a frame of its own that can reach nothing of this page. Its text stays where
// it was until it is drawn, and for good when it cannot be.
"use strict";

function draw(source) {
  const frame = document.createElement("iframe");
  frame.className = "diagram";
  frame.title = "Diagram";
  // Every file of a disk is a place of its own already, and a frame shut off further could not load its script.
  if (location.protocol !== "file:") {
    frame.setAttribute("sandbox", "allow-scripts");
  }
  frame.src = `${document.body.dataset.base}assets/diagram.html`;
  const text = source.textContent;
  addEventListener("message", ({ source: from, data }) => {
    if (from !== frame.contentWindow) {
      return;
    }
    if (data.ready) {
      from.postMessage(text, "*");
    } else if (Number.isFinite(data.height)) {
      frame.height = Math.min(data.height, 4000);
      if (!source.parentElement.matches("details")) {
        const kept = document.createElement("details");
        const summary = document.createElement("summary");
        summary.textContent = "Source of the diagram";
        source.replaceWith(kept);
        kept.append(summary, source);
      }
      frame.classList.add("drawn");
    } else if (data.error) {
      frame.remove();
      const said = document.createElement("p");
      said.className = "why";
      said.textContent = `This diagram cannot be drawn: ${data.error}`;
      source.before(said);
    }
  });
  source.before(frame);
}

const drawAll = () => document.querySelectorAll("article > pre.mermaid, :not(details) > pre.mermaid").forEach(draw);

drawAll();
document.addEventListener("replaced", drawAll);
