import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { followLanguage } from './messages/use-messages.ts'
import { getPreferences } from './preferences/preferences.ts'
import { followTheme } from './preferences/theme.ts'
import { queryClient } from './queries/api.ts'
import { router } from './router.tsx'
import './styles.css'
import { connectVolunteer } from './volunteer/connect.ts'
import { keepToWishes } from './volunteer/control.ts'

followTheme()
keepToWishes()
// Whoever agreed earlier may have an account, or another tab that computes. Connecting starts nothing.
if (getPreferences().consentedAt !== '')
  connectVolunteer().catch((cause: unknown) => console.error('The workers could not be reached.', cause))

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root".')
await followLanguage()
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
