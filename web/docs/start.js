// Draws the requests of openapi.json, by day and by night. Nothing is asked of anybody else.

const night = matchMedia("(prefers-color-scheme: dark)");
const dress = () => document.documentElement.classList.toggle("dark-mode", night.matches);
night.addEventListener("change", dress);
dress();

window.SwaggerUIBundle({
  url: "/docs/openapi.json",
  dom_id: "#requests",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
