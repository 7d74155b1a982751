// The static page stays hidden for a moment, while the interactive one is about to take its place.
document.documentElement.classList.add("starting");
