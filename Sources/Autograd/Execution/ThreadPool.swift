import Foundation
import Synchronization

/// How many threads the operations use. The results are bitwise identical for any number of
/// threads: work is split into blocks that depend on the shapes alone, and partial results are
/// combined in a fixed order.
///
/// Initially the number of processors, or the value of the environment variable `TAPESTRY_THREADS`.
public enum Threads {
    /// The largest number of threads that can be set.
    public static let maximum = 256

    /// The number of threads in use, from 1 to `maximum`. Traps if set to a number outside of this
    /// range.
    public static var count: Int {
        get { ThreadPool.shared.threads.load(ordering: .relaxed) }
        set {
            guard (1...maximum).contains(newValue) else {
                trap("Threads.count", "\(newValue) is not in 1...\(maximum)")
            }
            ThreadPool.shared.threads.store(newValue, ordering: .relaxed)
        }
    }
}

/// Runs the blocks of one job at a time on a fixed set of threads, including the caller's. The
/// workers spin briefly for the next job, then sleep.
///
/// Sound to share: `job` is written only by the thread that holds `busy`, before the job is opened,
/// and read only by workers that have entered it; the caller returns only when all that entered
/// have left.
final class ThreadPool: @unchecked Sendable {
    static let shared = ThreadPool()

    let threads: Atomic<Int>
    private let busy = Atomic<Bool>(false)
    private let workers = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let wakeUp = NSCondition()

    /// The current job: its number, whether it may be entered, and how many workers are in it.
    private let state = Atomic<UInt64>(0)
    private let nextBlock = Atomic<Int>(0)
    private var job: (body: UnsafePointer<(Int) -> Void>, blocks: Int)?

    private static let openBit: UInt64 = 1 << 16
    private static let numberShift: UInt64 = 17
    private static let spins = 4_000

    private init() {
        let asked = ProcessInfo.processInfo.environment["TAPESTRY_THREADS"].flatMap { Int($0) }
        let count = asked ?? ProcessInfo.processInfo.activeProcessorCount
        threads = Atomic(min(max(count, 1), Threads.maximum))
    }

    /// Calls `body` once for every block in `0..<blocks`, in any order, on any thread.
    /// A call from inside a block, or while another thread uses the pool, runs serially.
    func run(blocks: Int, _ body: (Int) -> Void) {
        let threads = threads.load(ordering: .relaxed)
        guard blocks > 1, threads > 1,
            busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else {
            for block in 0..<blocks { body(block) }
            return
        }
        start(workers: threads - 1)
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: body) { pointer in
                job = (pointer, blocks)
                nextBlock.store(0, ordering: .relaxed)
                let number = (state.load(ordering: .relaxed) >> Self.numberShift) &+ 1
                state.store(
                    number << Self.numberShift | Self.openBit, ordering: .sequentiallyConsistent)
                if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
                    wakeUp.withLock { wakeUp.broadcast() }
                }
                work(body, blocks)
                state.bitwiseAnd(~Self.openBit, ordering: .sequentiallyConsistent)
                while state.load(ordering: .acquiring) & (Self.openBit - 1) != 0 { pause() }
                job = nil
            }
        }
        busy.store(false, ordering: .releasing)
    }

    private func work(_ body: (Int) -> Void, _ blocks: Int) {
        while true {
            let block = nextBlock.wrappingAdd(1, ordering: .relaxed).oldValue
            guard block < blocks else { return }
            body(block)
        }
    }

    private func start(workers wanted: Int) {
        while workers.load(ordering: .relaxed) < wanted {
            let index = workers.wrappingAdd(1, ordering: .relaxed).oldValue
            let thread = Thread { [unowned self] in serve(index) }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// The loop of a worker. Workers beyond the number of threads in use enter no job.
    private func serve(_ index: Int) {
        var last: UInt64 = 0
        while true {
            let seen = waitForJob(after: last)
            last = seen >> Self.numberShift
            guard index < threads.load(ordering: .relaxed) - 1 else { continue }
            var expected = seen
            while expected & Self.openBit != 0, expected >> Self.numberShift == last {
                let (entered, current) = state.compareExchange(
                    expected: expected, desired: expected + 1, ordering: .acquiringAndReleasing)
                if entered {
                    if let job { work(job.body.pointee, job.blocks) }
                    state.wrappingSubtract(1, ordering: .releasing)
                    break
                }
                expected = current
            }
        }
    }

    private func isNewJob(_ state: UInt64, after last: UInt64) -> Bool {
        state & Self.openBit != 0 && state >> Self.numberShift != last
    }

    private func waitForJob(after last: UInt64) -> UInt64 {
        for _ in 0..<Self.spins {
            let current = state.load(ordering: .acquiring)
            if isNewJob(current, after: last) { return current }
            pause()
        }
        return wakeUp.withLock {
            sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
            defer { sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
            while true {
                let current = state.load(ordering: .sequentiallyConsistent)
                if isNewJob(current, after: last) { return current }
                wakeUp.wait()
            }
        }
    }

    /// Passes time in a spin loop with a few loads, so that the bus is left alone.
    @inline(__always)
    private func pause() {
        for _ in 0..<8 { _ = sleepers.load(ordering: .relaxed) }
    }
}

/// Calls `body` for consecutive ranges that together cover `0..<count`, each of `grain` elements
/// except the last, on the threads of the pool. The ranges depend on `count` and `grain` alone.
///
/// - Parameter subnormalsAsZeros: whether subnormal numbers count as zeros. This must not depend on the
///   number of threads.
package func inParallel(
    _ count: Int, grain: Int, subnormalsAsZeros: Bool = false, _ body: (Range<Int>) -> Void
) {
    if subnormalsAsZeros {
        return inParallel(count, grain: grain) { range in withSubnormalsAsZeros { body(range) } }
    }
    guard count > grain else {
        if count > 0 { body(0..<count) }
        return
    }
    ThreadPool.shared.run(blocks: (count + grain - 1) / grain) { block in
        body(block * grain..<min(count, (block + 1) * grain))
    }
}
