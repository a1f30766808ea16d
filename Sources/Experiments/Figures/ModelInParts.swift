import Autograd
import Datasets
import Models

/// Applies a model to many samples in parts, to limit the memory it needs. A monitor receives the
/// progress after each part.
extension Encodes {
    /// The mean codes of all examples.
    func codes<Failure>(
        of examples: Examples, monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Tensor {
        try inParts(examples.count, monitor) { encode(examples.batch($0, as: dataType)) }
    }
}

extension Decodes {
    /// The decoded samples of codes.
    func samples<Failure>(
        of codes: Tensor, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Tensor {
        try inParts(codes.shape[0], monitor) { decode(codes[$0]) }
    }
}

extension Reconstructs {
    /// The reconstructions of samples.
    func reconstructions<Failure>(
        of examples: Examples, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Tensor {
        try inParts(examples.count, monitor) { reconstruct(examples.batch($0, as: dataType)) }
    }
}

extension Completes {
    /// The samples with missing values filled by the model.
    func completions<Failure>(
        of examples: Examples, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Tensor {
        try inParts(examples.count, monitor) { complete(examples.batch($0, as: dataType)) }
    }
}

/// The results for consecutive ranges of positions, concatenated. `count` must be at least 1.
func inParts<Failure>(
    _ count: Int, of size: Int = 500, _ monitor: ProgressMonitor<Failure>,
    _ make: (Range<Int>) -> Tensor
) throws(Failure) -> Tensor {
    concatenated(
        try stride(from: 0, to: count, by: size).map { start throws(Failure) in
            let part = start..<min(start + size, count)
            let made = make(part)
            try monitor.advance(to: Double(part.upperBound) / Double(count))
            return made
        })
}
