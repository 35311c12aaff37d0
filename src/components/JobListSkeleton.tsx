import { Skeleton } from './Skeleton.tsx'

export function JobListSkeleton() {
  return (
    <div>
      {['a', 'b'].map(key => (
        <div key={key} className="grid gap-x-10 gap-y-4 border-t border-line py-6 md:grid-cols-[1fr_21rem]">
          <div className="grid gap-3">
            <Skeleton className="h-4 w-24" />
            <Skeleton className="h-6 w-64 max-w-full" />
            <Skeleton lines={2} className="h-4 w-full" />
          </div>
          <Skeleton lines={2} className="h-4 w-full" />
        </div>
      ))}
    </div>
  )
}
