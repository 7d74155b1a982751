// An element over the whole screen; over the whole window where the browser allows no more, as in a frame of a notebook.

export class FullScreen {
  isOn = $state(false);
  readonly #change = (): void => {
    if (!document.fullscreenElement) this.isOn = false;
  };

  async enter(element: HTMLElement): Promise<void> {
    this.isOn = true;
    document.addEventListener("fullscreenchange", this.#change);
    // Rejected where it is not allowed: then the window is filled.
    await element.requestFullscreen?.().catch(() => undefined);
  }

  async leave(): Promise<void> {
    document.removeEventListener("fullscreenchange", this.#change);
    this.isOn = false;
    if (document.fullscreenElement) await document.exitFullscreen();
  }
}
