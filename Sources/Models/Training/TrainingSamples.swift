import Autograd

/// Samples in memory, from which batches are taken: only a batch is ever copied.
public struct Samples: Sendable {
    /// `[count, …]`: a sample for each position of the first axis. Pixels (`uint8`) become
    /// numbers from 0 to 1 in a batch, all else the numbers it is.
    public let values: Tensor
    /// `[count, …]`: what is to be found for each, such as class numbers (`int32`); nil where it
    /// is the sample itself. Their numbers become those of a batch as those of the samples do,
    /// but class numbers stay what they are.
    public let targets: Tensor?

    /// Traps unless there are as many targets as samples; throws where there are no samples, or
    /// one is not finite.
    public init(_ values: Tensor, targets: Tensor? = nil) throws(TrainingError) {
        guard values.rank > 0, values.shape[0] > 0 else { throw .noSamples }
        guard targets == nil || targets?.shape.first == values.shape[0] else {
            programmerError(
                "Samples",
                "samples of shape \(values.shape) with targets of shape \(targets!.shape)")
        }
        self.values = values
        self.targets = targets
        if let index = values.firstRowNotFinite { throw .sampleNotFinite(index: index) }
    }

    public var count: Int { values.shape[0] }
    /// The shape of one sample.
    public var shape: [Int] { Array(values.shape.dropFirst()) }

    /// The samples at some positions, as a tensor `[indices.count, …]` of `dataType`.
    public func batch(
        _ indices: some Collection<Int>, as dataType: DataType
    ) -> Tensor {
        Self.numbers(of: values, at: indices, as: dataType)
    }

    /// The targets at some positions; nil where they are the samples themselves.
    public func targets(_ indices: some Collection<Int>, as dataType: DataType) -> Tensor? {
        targets.map { targets in
            Self.numbers(
                of: targets, at: indices, as: targets.dataType == .int32 ? .int32 : dataType)
        }
    }

    private static func numbers(
        of values: Tensor, at indices: some Collection<Int>, as dataType: DataType
    ) -> Tensor {
        let chosen = values.gathered(at: Tensor(indices.map { Int32($0) }))
        let numbers = chosen.cast(to: dataType)
        return values.dataType == .uint8 ? numbers / 255 : numbers
    }

    /// The first element that lies outside a range, such as that of the values that a likelihood
    /// is defined for: pixels as the numbers that they become. Nil where all lie within.
    public func firstElement(outside range: ClosedRange<Double>) -> SampleElement? {
        let unit = values.dataType == .uint8 ? 255.0 : 1
        let stored = range.lowerBound * unit...range.upperBound * unit
        return values.firstElement(outside: stored).map {
            SampleElement(sample: $0.sample, element: $0.element, value: $0.value / unit)
        }
    }
}
