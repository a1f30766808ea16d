import Foundation
import Synchronization

/// The best of some turns of work on several threads at once: what `body` says a thread did, a
/// second, of all threads together.
private func bestRate(
    threads: Int, turns: Int, _ body: @escaping @Sendable (_ thread: Int) -> Double
) -> Double {
    let rates = (0..<turns).map { _ in
        let turn = Turn()
        let finished = DispatchSemaphore(value: 0)
        for thread in 0..<threads {
            Thread.detachNewThread {
                turn.measure(of: threads) { body(thread) }
                finished.signal()
            }
        }
        for _ in 0..<threads { finished.wait() }
        return turn.rate
    }
    return rates.max() ?? .nan
}

/// Work of some threads that begin together: starting and ending them does not count.
private final class Turn: Sendable {
    private let arrived = Atomic(0)
    private let sum = Mutex((work: 0.0, start: Double.infinity, end: 0.0))

    func measure(of threads: Int, _ body: () -> Double) {
        arrived.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while arrived.load(ordering: .sequentiallyConsistent) < threads {}
        let start = now()
        let work = body()
        let end = now()
        sum.withLock { $0 = ($0.work + work, min($0.start, start), max($0.end, end)) }
    }

    var rate: Double { sum.withLock { $0.work / ($0.end - $0.start) } }
}

/// Operations a second of multiplications and additions in registers.
func multiplyAddPeak(threads: Int) -> Double {
    let code = handwritten
    // About a millisecond a turn: shorter than what else happens on the machine lasts.
    return bestRate(threads: threads, turns: 200) { _ in code.multiplyAndAdd(rounds: 500_000) }
}

/// Bytes a second that y = x + 1.5 z moves, over so many bytes of the three together.
func triadBandwidth(bytes: Int, threads: Int) -> Double {
    let code = handwritten
    let count = max(bytes / 12 / threads / 64, 1) * 64
    let arrays = Arrays(3, count: count * threads)
    // At least 4 MiB a turn: starting threads takes microseconds.
    let repetitions = max(1, (4 << 20) / (12 * count))
    return bestRate(threads: threads, turns: bytes > 64 << 20 ? 10 : 40) { thread in
        let start = thread * count
        for _ in 0..<repetitions {
            code.triad(arrays[0] + start, arrays[1] + start, arrays[2] + start, count: count)
        }
        return Double(12 * count * repetitions)
    }
}

/// Arrays of floats, one behind the other.
///
/// Sound to share: threads are given parts that do not overlap.
private final class Arrays: @unchecked Sendable {
    private let memory: UnsafeMutablePointer<Float>
    private let stride: Int

    init(_ arrays: Int, count: Int) {
        // Not a power of two apart, where cache lines of all would compete for the same places.
        stride = count + 1024 + 16
        memory = UnsafeMutableRawPointer.allocate(
            byteCount: 4 * arrays * stride, alignment: 64
        ).bindMemory(to: Float.self, capacity: arrays * stride)
        memory.initialize(repeating: 1, count: arrays * stride)
    }

    deinit { memory.deallocate() }

    subscript(array: Int) -> UnsafeMutablePointer<Float> { memory + array * stride }
}
