// Runs before the first paint, so that a chosen theme never flashes the other one. src/preferences owns the key.
try {
  const { theme } = JSON.parse(localStorage.getItem('tidemill.preferences') ?? '{}')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is closed or damaged: the system's theme stands.
}
