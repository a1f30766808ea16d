import Autograd

/// Samples that can be had in batches: in memory, as ``Examples``, or read when they are asked
/// for.
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
/// A source is asked from whichever thread trains, or prepares what is trained on next.
public protocol DataSource: Sendable {
    /// The number of samples.
    var count: Int { get }
    /// Of one sample, without the batch.
    var sampleShape: [Int] { get }
    /// The samples at some positions, in this order.
    ///
    /// - Parameter dataType: of the numbers of input and target; class numbers and tokens are
    ///   `int32`.
    func batch(at positions: [Int], as dataType: DataType) throws -> Batch
    /// The first sample with an element that is infinite or not a number, where that is known
    /// without reading them all; else nil.
    var firstNotFinite: Int? { get }
}

extension DataSource {
    public var firstNotFinite: Int? { nil }

    /// The samples at some positions, one after another.
    public func batch(_ range: Range<Int>, as dataType: DataType = .float32) throws -> Batch {
        try batch(at: Array(range), as: dataType)
    }
}

extension Examples: DataSource {
    public var sampleShape: [Int] { shape }

    /// Pixels (`uint8`) become numbers from 0 to 1, all else the numbers it is.
    public func batch(at positions: [Int], as dataType: DataType) -> Batch {
        let chosen = Tensor(positions.map { Int32($0) })
        func numbers(_ values: Tensor) -> Tensor {
            values.gathered(at: chosen).scaledPixels(as: dataType)
        }
        return Batch(
            numbers(inputs), target: targets.map(numbers),
            labels: labels?.gathered(at: chosen), weights: weights.map(numbers))
    }

    /// The samples at some positions, one after another.
    public func batch(_ range: Range<Int>, as dataType: DataType = .float32) -> Batch {
        batch(at: Array(range), as: dataType)
    }

    public var firstNotFinite: Int? { inputs.firstRowNotFinite }
}
