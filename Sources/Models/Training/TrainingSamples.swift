import Autograd

/// Samples in memory, from which batches are taken: only a batch is ever copied.
public struct Samples: Sendable {
    /// `[count, …]`: a sample for each position of the first axis. Pixels (`uint8`) become
    /// numbers from 0 to 1 in a batch, all else the numbers it is.
    public let values: Tensor

    /// Throws where there are no samples, or one is not finite.
    public init(_ values: Tensor) throws(TrainingError) {
        guard values.rank > 0, values.shape[0] > 0 else { throw .noSamples }
        self.values = values
        if let index = firstNotFinite { throw .sampleNotFinite(index: index) }
    }

    public var count: Int { values.shape[0] }
    /// The shape of one sample.
    public var shape: [Int] { Array(values.shape.dropFirst()) }

    /// The samples at some positions, as a tensor `[indices.count, …]` of `dataType`.
    public func batch(
        _ indices: some Collection<Int>, as dataType: DataType
    ) -> Tensor {
        let chosen = values.gathered(at: Tensor(indices.map { Int32($0) }))
        let numbers = chosen.cast(to: dataType)
        return values.dataType == .uint8 ? numbers / 255 : numbers
    }

    private var firstNotFinite: Int? {
        // In pieces of about a megabyte, so that no pass goes over all for each sample.
        let size = max(1, shape.reduce(1, *))
        let piece = max(1, (1 << 18) / size)
        for start in stride(from: 0, to: count, by: piece) {
            let range = start..<min(count, start + piece)
            guard !values[range].allFinite else { continue }
            return range.first { !values[$0].allFinite }
        }
        return nil
    }
}
