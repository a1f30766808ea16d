import Foundation

/// Keeps freed blocks of memory for the next tensor of about the same size, so that a training
/// loop in its steady state does not call the system's allocator for tensor memory.
///
/// There are four block sizes per power of two: at most a fifth of a block is unused.
final class StoragePool: Sendable {
    static let shared = StoragePool()

    /// A block belongs to the pool or to one tensor: its address is never shared.
    struct Block: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
        let sizeClass: Int
    }

    private struct State {
        var free = [[Block]](repeating: [], count: StoragePool.classes)
        var keptBytes = 0
        var systemAllocations = 0
    }

    private let state = Guarded(State())

    /// The most bytes that can be requested; no machine has as many.
    static let mostBytes = 1 << 48

    private static let smallest = 64
    /// Smaller blocks are left to the C library, which caches them too, per thread.
    private static let mostTiny = 512
    private static let tiny = -1
    private static let classes = 4 * 44
    /// Blocks that would exceed this total are returned to the system.
    private static let mostKept = 8 << 30

    /// How often the pool has requested memory from the system: constant in a steady loop.
    var systemAllocations: Int { state.withLock { $0.systemAllocations } }

    func take(bytes: Int) -> Block {
        if bytes <= Self.mostTiny {
            guard let pointer = malloc(max(bytes, 1)) else {
                trap("Tensor", "no memory for \(bytes) bytes")
            }
            return Block(pointer: pointer, sizeClass: Self.tiny)
        }
        let sizeClass = Self.sizeClass(of: bytes)
        let kept: Block? = state.withLock { state in
            guard let block = state.free[sizeClass].popLast() else {
                state.systemAllocations += 1
                return nil
            }
            state.keptBytes -= Self.size(of: sizeClass)
            return block
        }
        if let kept { return kept }
        var pointer: UnsafeMutableRawPointer?
        guard posix_memalign(&pointer, 64, Self.size(of: sizeClass)) == 0, let pointer else {
            trap("Tensor", "no memory for \(bytes) bytes")
        }
        return Block(pointer: pointer, sizeClass: sizeClass)
    }

    func give(back block: Block) {
        guard block.sizeClass != Self.tiny else { return free(block.pointer) }
        let size = Self.size(of: block.sizeClass)
        let isKept = state.withLock { state in
            guard state.keptBytes + size <= Self.mostKept else { return false }
            state.keptBytes += size
            state.free[block.sizeClass].append(block)
            return true
        }
        if !isKept { free(block.pointer) }
    }

    /// Returns all kept blocks to the system.
    func trim() {
        let blocks = state.withLock { state in
            defer { state = State(systemAllocations: state.systemAllocations) }
            return state.free.joined().map { $0 }
        }
        for block in blocks { free(block.pointer) }
    }

    /// Size class `4 * octave + quarter` holds blocks of `64 * 2^octave * (1 + quarter / 4)`.
    private static func size(of sizeClass: Int) -> Int {
        (smallest << (sizeClass >> 2)) / 4 * (4 + sizeClass & 3)
    }

    private static func sizeClass(of bytes: Int) -> Int {
        guard bytes > smallest else { return 0 }
        let octave = (bytes - 1).bitWidth - (bytes - 1).leadingZeroBitCount - 7
        let quarter = (bytes - 1) >> (octave + 4) & 3
        return octave * 4 + quarter + 1
    }
}

/// Returns the memory of tensors that no longer exist to the system, instead of keeping it for new ones:
/// after a stage of work that needed more memory than the next does.
package func releaseUnusedMemory() { StoragePool.shared.trim() }
