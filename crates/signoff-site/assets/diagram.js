// Draws the diagram whose text the page around this frame sends, and tells it how tall the drawing is.
"use strict";

const tell = (message) => parent.postMessage(message, "*");

mermaid.initialize({
  startOnLoad: false,
  securityLevel: "strict",
  htmlLabels: false,
  flowchart: { htmlLabels: false },
  theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "neutral",
  fontFamily: "system-ui, sans-serif",
});

addEventListener("message", async (event) => {
  if (event.source !== parent || typeof event.data !== "string") {
    return;
  }
  try {
    const { svg } = await mermaid.render("diagram", event.data);
    const drawn = document.getElementById("drawn");
    drawn.innerHTML = svg;
    tell({ height: Math.ceil(drawn.getBoundingClientRect().height) });
    new ResizeObserver(() => tell({ height: Math.ceil(drawn.getBoundingClientRect().height) })).observe(drawn);
  } catch (error) {
    tell({ error: String(error.message ?? error).split("\n")[0] });
  }
});

tell({ ready: true });
