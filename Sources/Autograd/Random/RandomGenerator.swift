import KernelInterface

/// A seeded source of random numbers, counter-based (Philox 4×32-10; Salmon et al., "Parallel
/// Random Numbers: As Easy as 1, 2, 3", 2011).
///
/// A value type: a copy continues with the same numbers. The same seed gives the same numbers, to
/// the last bit, for any number of threads. Saved with its three numbers (it is `Codable`), it
/// continues exactly where it was.
///
/// ```swift
/// var generator = RandomGenerator(seed: 42)
/// let noise = generator.normal([128, 20])
/// var other = generator.split()          // an independent stream
/// ```
public struct RandomGenerator: Sendable, Hashable, Codable {
    /// What distinguishes generators of different seeds, and of different `split`s.
    public private(set) var key: UInt64
    public private(set) var stream: UInt64
    /// How many blocks of four 32-bit words have been drawn.
    public private(set) var position: UInt64

    public init(seed: UInt64) {
        key = seed
        stream = 0
        position = 0
    }

    /// A generator whose numbers are independent of the next ones of this generator.
    public mutating func split() -> RandomGenerator {
        let words = self.words(4)
        return words.withUnsafeElements(as: Int32.self) { words in
            var child = self
            let parts = words.map { UInt64(UInt32(bitPattern: $0)) }
            child.key = parts[0] | parts[1] << 32
            child.stream = parts[2] | parts[3] << 32
            child.position = 0
            return child
        }
    }

    /// Uniform numbers in `[0, 1)` with the shape and the type of a tensor, for models that work in
    /// any precision.
    public mutating func uniform(like tensor: Tensor) -> Tensor {
        uniform(tensor.shape, dataType: tensor.dataType)
    }

    /// Standard normal numbers with the shape and the type of a tensor.
    public mutating func normal(like tensor: Tensor) -> Tensor {
        normal(tensor.shape, dataType: tensor.dataType)
    }

    /// Uniform numbers in `[lower, upper)`.
    public mutating func uniform(
        _ shape: [Int], from lower: Double = 0, to upper: Double = 1,
        dataType: DataType = .float32
    ) -> Tensor {
        checkFloatingPoint(dataType, "uniform")
        let count = Shape.count(shape, in: "uniform")
        let words = self.words(dataType == .float32 ? count : 2 * count)
        let source = words.storage.typed(UInt32.self)
        defer { withExtendedLifetime(words) {} }
        let unit = Tensor(dataType, shape) { output in
            inParallel(count, grain: elementwiseGrain) { range in
                if dataType == .float32 {
                    let target = output.typed(Float.self)
                    for index in range { target[index] = Float(source[index] >> 8) * 0x1p-24 }
                } else {
                    let target = output.typed(Double.self)
                    for index in range {
                        let high = UInt64(source[2 * index]) << 21
                        let low = UInt64(source[2 * index + 1] >> 11)
                        target[index] = Double(high | low) * 0x1p-53
                    }
                }
            }
        }
        if lower == 0, upper == 1 { return unit }
        let scaled = lower + unit * (upper - lower)
        // Rounding may reach the upper bound.
        return lower < upper ? minimum(scaled, dataType.greatest(below: upper)) : scaled
    }

    /// Normal numbers.
    public mutating func normal(
        _ shape: [Int], mean: Double = 0, standardDeviation: Double = 1,
        dataType: DataType = .float32
    ) -> Tensor {
        checkFloatingPoint(dataType, "normal")
        let count = Shape.count(shape, in: "normal")
        let pairs = (count + 1) / 2
        let wordsPerPair = dataType == .float32 ? 2 : 4
        let words = self.words(pairs * wordsPerPair)
        let source = words.storage.typed(UInt32.self)
        defer { withExtendedLifetime(words) {} }
        let drawn = Storage(dataType, count: 2 * pairs)
        inParallel(pairs, grain: elementwiseGrain / 4) { range in
            kernels.normal(
                dataType, source + range.lowerBound * wordsPerPair,
                drawn.pointer + 2 * range.lowerBound * dataType.size, range.count)
        }
        let standard = Tensor(
            Storage(dataType, count: count, at: drawn.pointer, owner: drawn), shape)
        return mean == 0 && standardDeviation == 1
            ? standard : mean + standard * standardDeviation
    }

    /// 1 with the given probability, else 0. Traps if the probability is not in 0...1.
    public mutating func bernoulli(
        _ shape: [Int], probability: Double, dataType: DataType = .float32
    ) -> Tensor {
        guard (0...1).contains(probability) else {
            trap("bernoulli", "probability \(probability) is not in 0...1")
        }
        return (uniform(shape) .< probability).cast(to: dataType)
    }

    /// 1 with the probability given by the element of a tensor, else 0. Has no derivative: watched
    /// probabilities count as constants.
    public mutating func bernoulli(probabilities: Tensor) -> Tensor {
        checkFloatingPoint(probabilities.dataType, "bernoulli")
        let probabilities = stopGradient(probabilities)
        let drawn = uniform(probabilities.shape, dataType: probabilities.dataType)
        return (drawn .< probabilities).cast(to: probabilities.dataType)
    }

    /// Uniformly distributed integers in a range, as `int32`. Traps if the range is empty or beyond
    /// `int32`.
    public mutating func integers(_ shape: [Int], in range: Range<Int>) -> Tensor {
        guard !range.isEmpty, range.lowerBound >= Int32.min, range.upperBound - 1 <= Int32.max
        else { trap("integers", "the range \(range) is empty or beyond int32") }
        let count = Shape.count(shape, in: "integers")
        let drawn = integers(count, below: UInt64(range.count))
        return Tensor(drawn.map { Int32(range.lowerBound + Int($0)) }, shape: shape)
    }

    /// The numbers in `0..<count` in random order. Traps if `count` is negative.
    public mutating func permutation(_ count: Int) -> [Int] {
        guard Shape.count([count], in: "permutation") > 1 else { return Array(0..<count) }
        // Fisher–Yates; the choice for each position is a 64-bit fraction of the remaining count.
        let choices = words64(count - 1)
        var order = Array(0..<count)
        for (step, last) in stride(from: count - 1, to: 0, by: -1).enumerated() {
            let choice = choices[step].multipliedFullWidth(by: UInt64(last + 1)).high
            order.swapAt(last, Int(choice))
        }
        return order
    }

    /// Numbers below `bound`, from 64 random bits each: probabilities differ by at most bound / 2⁶⁴
    /// relative to each other.
    private mutating func integers(_ count: Int, below bound: UInt64) -> [UInt64] {
        words64(count).map { $0.multipliedFullWidth(by: bound).high }
    }

    private mutating func words64(_ count: Int) -> [UInt64] {
        let words = self.words(2 * count)
        let source = words.storage.typed(UInt32.self)
        return withExtendedLifetime(words) {
            (0..<count).map { UInt64(source[2 * $0]) | UInt64(source[2 * $0 + 1]) << 32 }
        }
    }

    /// The next words, as bit patterns in an `int32` tensor. Whole blocks are always drawn.
    private mutating func words(_ count: Int) -> Tensor {
        let blocks = (count + 3) / 4
        let storage = Storage(.int32, count: blocks * 4)
        let target = storage.typed(UInt32.self)
        let (key, stream, first) = (key, stream, position)
        inParallel(blocks, grain: elementwiseGrain / 4) { range in
            kernels.randomWords(
                key, stream, first &+ UInt64(range.lowerBound), target + 4 * range.lowerBound,
                range.count)
        }
        position &+= UInt64(blocks)
        return Tensor(storage, [blocks * 4])
    }

    private func checkFloatingPoint(_ type: DataType, _ operation: StaticString) {
        guard type.isFloatingPoint else { trap(operation, "not defined for \(type)") }
    }
}

extension RandomGenerator: RandomNumberGenerator {
    /// 64 random bits: so the standard library's `shuffled(using:)` and `random(in:using:)` can
    /// draw from the generator too.
    public mutating func next() -> UInt64 { words64(1)[0] }
}

extension DataType {
    /// The greatest number of a floating-point type below `bound`.
    fileprivate func greatest(below bound: Double) -> Double {
        guard self == .float32 else { return bound.nextDown }
        let nearest = Float(bound)
        return Double(Double(nearest) < bound ? nearest : nearest.nextDown)
    }
}
