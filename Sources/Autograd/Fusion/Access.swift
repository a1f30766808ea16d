import KernelInterface

/// How an elementwise operation whose result has a given shape reads an operand that may broadcast:
/// element `i` of the result uses element `i / run % period` of the operand.
struct Access: Equatable {
    let run: Int
    let period: Int

    /// The operand has the shape of the result.
    static let full = Access(run: 1, period: .max)
    /// The operand has a single element.
    static let single = Access(run: .max, period: 1)

    /// The number of elements of the result after which the reading starts again at the beginning.
    var cycle: Int {
        let (product, overflow) = run.multipliedReportingOverflow(by: period)
        return overflow ? .max : product
    }

    private init(run: Int, period: Int) {
        self.run = run
        self.period = period
    }

    /// Nil if the access is not of this kind: an operand repeated along two or more axes that are
    /// separated by its own, such as `[2, 1, 2, 1]` to `[2, 3, 2, 3]`.
    ///
    /// - Parameter shape: the shape of the operand; it broadcasts to `target`.
    init?(_ shape: [Int], to target: [Int]) {
        let offset = target.count - shape.count
        var (run, period) = (1, 1)
        var isPastOwn = false
        for axis in target.indices.reversed() where target[axis] != 1 {
            if axis < offset || shape[axis - offset] == 1 {
                if period == 1 { run *= target[axis] } else { isPastOwn = true }
            } else {
                guard !isPastOwn else { return nil }
                period *= target[axis]
            }
        }
        if run == 1, !isPastOwn {
            self = .full
        } else if period == 1 {
            self = .single
        } else {
            self.init(run: run, period: period)
        }
    }

    /// The index of the operand's element that element `position` of the result uses.
    @inline(__always)
    func element(at position: Int) -> Int {
        self == .full ? position : run == .max ? 0 : position / run % period
    }

    /// For how many elements of the result, from `position` on, the operand advances with a fixed
    /// stride, and that stride.
    @inline(__always)
    func piece(from position: Int) -> (count: Int, stride: Int) {
        if self == .full { return (.max, 1) }
        if run == .max { return (.max, 0) }
        return run == 1 ? (period - position % period, 1) : (run - position % run, 0)
    }

    /// Copies the operand's elements that the result's elements from `start` on use.
    func copy(
        _ source: UnsafeRawPointer, _ size: Int, from start: Int, count: Int,
        to target: UnsafeMutableRawPointer
    ) {
        var position = start
        let end = start + count
        while position < end {
            let (length, stride) = piece(from: position)
            let element = element(at: position)
            let next = min(end, length == .max ? end : position + length)
            kernels.copy(
                size, source + element * size, stride, target + (position - start) * size,
                next - position)
            position = next
        }
    }
}

extension KernelSet {
    /// `output[i] = input[i * stride]` for elements of 1, 4 or 8 bytes; the stride is 0 or 1.
    static func copy(
        _ size: Int, _ input: UnsafeRawPointer, _ stride: Int, _ output: UnsafeMutableRawPointer,
        _ count: Int
    ) {
        var isTrue: UInt8 = 1
        withUnsafePointer(to: &isTrue) {
            select(size, $0, 0, input, stride, input, stride, output, count)
        }
    }
}
