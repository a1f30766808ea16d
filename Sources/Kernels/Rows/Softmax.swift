import KernelInterface

extension Kernels {
    public static func softmaxRows(
        _ type: DataType, _ isLogarithmic: Bool, _ input: UnsafeRawPointer, _ rows: Int,
        _ count: Int, _ output: UnsafeMutableRawPointer
    ) {
        @inline(__always)
        func run<V: Vector>(_: V.Type) {
            let input = input.assumingMemoryBound(to: V.Element.self)
            let output = output.assumingMemoryBound(to: V.Element.self)
            for row in 0..<rows {
                let (x, y) = (input + row * count, output + row * count)
                let greatest = greatest(V.self, x, count)
                if greatest == .infinity {
                    shareAmongInfinities(V.self, isLogarithmic, x, count, y)
                } else if isLogarithmic {
                    logSoftmax(V(repeating: greatest), x, count, y)
                } else {
                    softmax(V(repeating: greatest), x, count, y)
                }
            }
        }
        if type == .float32 { run(FloatVector.self) } else { run(DoubleVector.self) }
    }

    public static func softmaxRowsPullback(
        _ type: DataType, _ isLogarithmic: Bool, _ result: UnsafeRawPointer,
        _ cotangent: UnsafeRawPointer, _ rows: Int, _ count: Int,
        _ output: UnsafeMutableRawPointer
    ) {
        @inline(__always)
        func run<V: Vector>(_: V.Type) {
            let result = result.assumingMemoryBound(to: V.Element.self)
            let cotangent = cotangent.assumingMemoryBound(to: V.Element.self)
            let output = output.assumingMemoryBound(to: V.Element.self)
            for row in 0..<rows {
                let start = row * count
                if isLogarithmic {
                    logSoftmaxPullback(
                        V.self, result + start, cotangent + start, count, output + start)
                } else {
                    softmaxPullback(
                        V.self, result + start, cotangent + start, count, output + start)
                }
            }
        }
        if type == .float32 { run(FloatVector.self) } else { run(DoubleVector.self) }
    }
}

/// How many exponentials are added one after the other, in whole vectors; sums of this length are
/// then added, so that a long row loses no digits.
private let longestSum = 2048

/// The limit of a softmax with elements of +∞: these share the whole sum equally, and the others
/// get 0. If an element is NaN, all results are.
@inline(never)
private func shareAmongInfinities<V: Vector>(
    _: V.Type, _ isLogarithmic: Bool, _ input: UnsafePointer<V.Element>, _ count: Int,
    _ output: UnsafeMutablePointer<V.Element>
) {
    var infinities = 0
    var nothing: V.Element = isLogarithmic ? -.infinity : 0
    for i in 0..<count {
        if input[i] == .infinity { infinities += 1 }
        if input[i].isNaN { nothing = .nan }
    }
    let share = V(repeating: 1 / V.Element(infinities))
    var all = isLogarithmic ? share.logarithm()[0] : share[0]
    if nothing.isNaN { all = .nan }
    for i in 0..<count { output[i] = input[i] == .infinity ? all : nothing }
}

/// If an element is NaN the sum is NaN, and so is every element of the result.
@inline(__always)
private func softmax<V: Vector>(
    _ greatest: V, _ input: UnsafePointer<V.Element>, _ count: Int,
    _ output: UnsafeMutablePointer<V.Element>
) {
    var total = V(repeating: 0)
    var i = 0
    while i < count {
        var sum = V(repeating: 0)
        let end = min(count, i + longestSum)
        while i < end {
            // The lanes that fill up the last vector have the exponential 0.
            let x = V(at: input + i, upTo: count - i, filler: -.infinity)
            let power = (x - greatest).exponentialOfDifference()
            power.store(at: output + i, upTo: count - i)
            sum = sum + power
            i += V.lanes
        }
        total = total + sum
    }
    let scale = V(repeating: 1 / total.reduced(+))
    i = 0
    while i < count {
        (V(at: output + i, upTo: count - i) * scale).store(at: output + i, upTo: count - i)
        i += V.lanes
    }
}

@inline(__always)
private func logSoftmax<V: Vector>(
    _ greatest: V, _ input: UnsafePointer<V.Element>, _ count: Int,
    _ output: UnsafeMutablePointer<V.Element>
) {
    var total = V(repeating: 0)
    var i = 0
    while i < count {
        var sum = V(repeating: 0)
        let end = min(count, i + longestSum)
        while i < end {
            let x = V(at: input + i, upTo: count - i, filler: -.infinity)
            sum = sum + (x - greatest).exponentialOfDifference()
            i += V.lanes
        }
        total = total + sum
    }
    let logarithm = V(repeating: total.reduced(+)).logarithm()
    i = 0
    while i < count {
        (V(at: input + i, upTo: count - i) - greatest - logarithm)
            .store(at: output + i, upTo: count - i)
        i += V.lanes
    }
}

/// Of the elements that are not NaN.
@inline(__always)
private func greatest<V: Vector>(
    _: V.Type, _ input: UnsafePointer<V.Element>, _ count: Int
) -> V.Element {
    let lanes = V.lanes
    let least = V(repeating: -.infinity)
    var (a, b, c, d) = (least, least, least, least)
    var i = 0
    while i + 4 * lanes <= count {
        a = a.greater(V(at: input + i))
        b = b.greater(V(at: input + i + lanes))
        c = c.greater(V(at: input + i + 2 * lanes))
        d = d.greater(V(at: input + i + 3 * lanes))
        i += 4 * lanes
    }
    while i < count {
        a = a.greater(V(at: input + i, upTo: count - i, filler: -.infinity))
        i += lanes
    }
    return a.greater(b).greater(c.greater(d)).reduced { $0.greater($1) }
}

@inline(__always)
private func softmaxPullback<V: Vector>(
    _: V.Type, _ result: UnsafePointer<V.Element>, _ cotangent: UnsafePointer<V.Element>,
    _ count: Int, _ output: UnsafeMutablePointer<V.Element>
) {
    let mean = reduceRow(by: VectorSum<V>.self, count) { i in
        V(at: result + i) * V(at: cotangent + i)
    } rest: { i, count in
        V(at: result + i, count: count) * V(at: cotangent + i, count: count)
    }
    let common = V(repeating: mean)
    var i = 0
    while i < count {
        let difference = V(at: cotangent + i, upTo: count - i) - common
        (V(at: result + i, upTo: count - i) * difference).store(at: output + i, upTo: count - i)
        i += V.lanes
    }
}

@inline(__always)
private func logSoftmaxPullback<V: Vector>(
    _: V.Type, _ result: UnsafePointer<V.Element>, _ cotangent: UnsafePointer<V.Element>,
    _ count: Int, _ output: UnsafeMutablePointer<V.Element>
) {
    let sum = reduceRow(by: VectorSum<V>.self, count) { i in
        V(at: cotangent + i)
    } rest: { i, count in
        V(at: cotangent + i, count: count)
    }
    let common = V(repeating: sum)
    var i = 0
    while i < count {
        let power = V(at: result + i, upTo: count - i).exponentialOfDifference()
        (V(at: cotangent + i, upTo: count - i) - power * common)
            .store(at: output + i, upTo: count - i)
        i += V.lanes
    }
}

extension Vector {
    /// The exponential of numbers that are not above 0, the distances from the greatest of a row: a
    /// single factor 2ⁿ is enough for them, and results below the least normal number become 0.
    @inline(__always)
    fileprivate func exponentialOfDifference() -> Self {
        let logarithm = Element.logarithmOf2
        let scale = 1 / (logarithm.high + logarithm.low)
        let least = Self(repeating: (1 - Element.exponentBias) / scale)
        let isTooSmall = self .< least
        let x = replacing(with: least, where: isTooSmall)
        let n = (x * Self(repeating: scale)).roundedBySum()
        let r = x.adding(product: n, Self(repeating: -logarithm.high))
            .adding(product: n, Self(repeating: -logarithm.low))
        let power = Self(repeating: 1) + r.adding(product: r * r, Element.exponentialPolynomial(r))
        return (power * n.powerOf2()).replacing(with: Self(repeating: 0), where: isTooSmall)
    }
}
