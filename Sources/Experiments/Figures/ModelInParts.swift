import Autograd
import Datasets
import Models

/// What a model makes of many samples, some at a time, so that memory is needed for those alone.
/// A monitor is told after each part.
extension Encodes {
    /// The mean codes of all examples.
    func codes<Failure>(
        of examples: Examples, monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Tensor {
        try inParts(examples.count, monitor) { encode(examples.batch($0, as: dataType)) }
    }
}

extension Decodes {
    /// The expected samples of codes.
    func samples<Failure>(
        of codes: Tensor, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Tensor {
        try inParts(codes.shape[0], monitor) { decode(codes[$0]) }
    }
}

extension Reconstructs {
    /// What the model makes of samples.
    func reconstructions<Failure>(
        of examples: Examples, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Tensor {
        try inParts(examples.count, monitor) { reconstruct(examples.batch($0, as: dataType)) }
    }
}

extension Completes {
    /// Samples with what the model expects where something is missing.
    func completions<Failure>(
        of examples: Examples, monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Tensor {
        try inParts(examples.count, monitor) { complete(examples.batch($0, as: dataType)) }
    }
}

/// What is made for some positions after others, one below the other. `count` is 1 at least.
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
