import KernelInterface

/// How an elementwise operation whose result has a given shape walks through an operand that
/// may broadcast: element `i` of the result meets element `i / run % period` of the operand.
struct Access: Equatable {
    let run: Int
    let period: Int

    /// The operand has the shape of the result.
    static let full = Access(run: 1, period: .max)
    /// The operand is one number.
    static let single = Access(run: .max, period: 1)

    /// After how many elements of the result the walk begins anew.
    var cycle: Int {
        let (product, overflow) = run.multipliedReportingOverflow(by: period)
        return overflow ? .max : product
    }

    private init(run: Int, period: Int) {
        self.run = run
        self.period = period
    }

    /// Nil where the walk is not of this kind: an operand repeated along two axes or more that
    /// are separated by its own, such as `[2, 1, 2, 1]` to `[2, 3, 2, 3]`.
    ///
    /// - Parameter shape: of the operand; it broadcasts to `target`.
    init?(_ shape: [Int], to target: [Int]) {
        if shape == target {
            self = .full
            return
        }
        let strides = Shape.broadcastStrides(shape, to: target)
        // Repeated axes first, then the operand's own, then repeated ones again.
        var axes = target.indices.filter { target[$0] != 1 }[...]
        while let axis = axes.first, strides[axis] == 0 { axes.removeFirst() }
        var run = 1
        while let axis = axes.last, strides[axis] == 0 {
            run *= target[axis]
            axes.removeLast()
        }
        guard !axes.isEmpty else {
            self = .single
            return
        }
        guard axes.allSatisfy({ strides[$0] != 0 }) else { return nil }
        self.init(run: run, period: axes.reduce(1) { $0 * target[$1] })
    }

    /// Copies the operand's elements that the result's elements from `start` meet.
    func copy(
        _ source: UnsafeRawPointer, _ size: Int, from start: Int, count: Int,
        to target: UnsafeMutableRawPointer
    ) {
        var position = start
        let end = start + count
        while position < end {
            let element = position / run % period
            let output = target + (position - start) * size
            let length: Int
            if run == 1 {
                length = min(end - position, period - element)
                output.copyMemory(from: source + element * size, byteCount: length * size)
            } else {
                length = run == .max ? count : min(end - position, run - position % run)
                kernels.copy(size, source + element * size, 0, output, length)
            }
            position += length
        }
    }
}

extension KernelSet {
    /// `output[i] = input[i * stride]`, elements of 1, 4 or 8 bytes; the stride is 0 or 1.
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
