import Autograd

/// Samples that are available in batches: in memory, as ``Examples``, or read on demand.
///
/// ```swift
/// struct Recordings: DataSource {
///     let file: RecordingFile
///     var count: Int { file.count }
///     var sampleShape: [Int] { [1024] }
///     func batch(at positions: [Int], as dataType: DataType) throws -> Batch {
///         Batch(try file.read(positions).cast(to: dataType))
///     }
/// }
/// ```
///
/// A source is called on the thread that trains, or on one that prepares the next batches.
public protocol DataSource: Sendable {
    /// The number of samples.
    var count: Int { get }
    /// The shape of one sample, without the batch axis.
    var sampleShape: [Int] { get }
    /// The samples at the given positions, in this order.
    ///
    /// - Parameter dataType: the type of the numbers in input and target; class numbers and tokens
    ///   are `int32`.
    func batch(at positions: [Int], as dataType: DataType) throws -> Batch
    /// The same with what is drawn anew each time, in training and in evaluations: for augmentations.
    /// By default nothing is.
    func batch(
        at positions: [Int], as dataType: DataType, using generator: inout RandomGenerator
    ) throws -> Batch
    /// The first sample with an element that is infinite or NaN, if that is known without reading
    /// them all; else nil.
    var firstNotFinite: Int? { get }
}

extension DataSource {
    public var firstNotFinite: Int? { nil }

    public func batch(
        at positions: [Int], as dataType: DataType, using generator: inout RandomGenerator
    ) throws -> Batch {
        try batch(at: positions, as: dataType)
    }

    /// The samples in a range of positions.
    public func batch(_ range: Range<Int>, as dataType: DataType = .float32) throws -> Batch {
        try batch(at: Array(range), as: dataType)
    }
}

/// What is drawn anew for each batch.
enum Drawing: Sendable {
    /// White pixels, with grey values as probabilities.
    case pixels
    /// Noise between 8-bit values.
    case noise
}

extension Examples: DataSource {
    public var sampleShape: [Int] { shape }

    /// Pixels (`uint8`) are scaled to 0…1, other numbers keep their values.
    public func batch(at positions: [Int], as dataType: DataType) -> Batch {
        let chosen = Tensor(positions.map { Int32($0) })
        func numbers(_ values: Tensor) -> Tensor {
            values.gathered(at: chosen).scaledPixels(as: dataType)
        }
        var batch = Batch(
            numbers(inputs), target: targets.map(numbers),
            labels: labels?.gathered(at: chosen), weights: weights.map(numbers),
            condition: condition?.gathered(at: chosen))
        batch.region = regions?.gathered(at: chosen).cast(to: dataType)
        return batch
    }

    /// With pixels drawn, if they are (``Dataset/binarized(_:)``), or noise between 8-bit values
    /// (``Dataset/dequantized(_:)``).
    public func batch(
        at positions: [Int], as dataType: DataType, using generator: inout RandomGenerator
    ) -> Batch {
        var batch: Batch = batch(at: positions, as: dataType)
        switch drawing {
        case nil: return batch
        case .pixels: batch.input = drawnPixels(batch.input, using: &generator)
        case .noise:
            batch.input = dequantized(batch.input, using: &generator)
            batch.levels = Dequantization.levels
        }
        if targets == nil { batch.target = batch.input }
        return batch
    }

    /// The samples in a range of positions.
    public func batch(_ range: Range<Int>, as dataType: DataType = .float32) -> Batch {
        batch(at: Array(range), as: dataType)
    }

    public var firstNotFinite: Int? { inputs.firstRowNotFinite }
}
