import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { NotFound } from './components/NotFound.tsx'
import { RouteFailed } from './components/RouteFailed.tsx'
import { Shell } from './components/Shell.tsx'
import { loadJobMessages } from './messages/use-job-messages.ts'
import { Home } from './routes/Home.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: () => <NotFound /> })
const getParentRoute = () => root

/** A route whose texts are fetched beside it. */
const withJobMessages =
  <T,>(load: () => Promise<T>) =>
  async (): Promise<T> =>
    (await Promise.all([load(), loadJobMessages()]))[0]

const routes = [
  createRoute({ getParentRoute, path: '/', component: Home }),
  createRoute({
    getParentRoute,
    path: '/compute',
    component: lazyRouteComponent(() => import('./routes/Compute.tsx'), 'Compute'),
  }),
  createRoute({
    getParentRoute,
    path: '/projects',
    component: lazyRouteComponent(() => import('./routes/Projects.tsx'), 'Projects'),
  }),
  createRoute({
    getParentRoute,
    path: '/projects/$id',
    component: lazyRouteComponent(() => import('./routes/Project.tsx'), 'Project'),
  }),
  createRoute({
    getParentRoute,
    path: '/verify',
    component: lazyRouteComponent(() => import('./routes/Verify.tsx'), 'Verify'),
  }),
  createRoute({
    getParentRoute,
    path: '/verify/$taskId',
    component: lazyRouteComponent(
      withJobMessages(() => import('./routes/VerifyTask.tsx')),
      'VerifyTask',
    ),
  }),
  createRoute({
    getParentRoute,
    path: '/jobs',
    component: lazyRouteComponent(
      withJobMessages(() => import('./routes/Jobs.tsx')),
      'Jobs',
    ),
  }),
  createRoute({
    getParentRoute,
    path: '/jobs/$id',
    component: lazyRouteComponent(
      withJobMessages(() => import('./routes/JobPage.tsx')),
      'JobPage',
    ),
  }),
  createRoute({
    getParentRoute,
    path: '/network',
    component: lazyRouteComponent(() => import('./routes/NetworkPage.tsx'), 'NetworkPage'),
  }),
] as const

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  defaultErrorComponent: RouteFailed,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
