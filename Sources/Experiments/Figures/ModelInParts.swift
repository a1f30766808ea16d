import Autograd
import Datasets
import Models

/// What a model makes of many samples, some at a time, so that memory is needed for those alone.
///
/// `report` is told after each part how much of the whole is done, from 0 to 1; what it throws
/// ends the work.
extension Encodes {
    /// The mean codes of all examples.
    func codes(of examples: Examples, report: (Double) throws -> Void) rethrows -> Tensor {
        try inParts(examples.count, report: report) { part in
            encode(examples.batch(part, as: dataType).input)
        }
    }

    /// The same, told to nobody.
    func codes(of examples: Examples) -> Tensor { codes(of: examples, report: { _ in }) }
}

extension Decodes {
    /// The expected samples of codes.
    func samples(of codes: Tensor, report: (Double) throws -> Void) rethrows -> Tensor {
        try inParts(codes.shape[0], report: report) { decode(codes[$0]) }
    }
}

extension Reconstructs {
    /// What the model makes of samples.
    func reconstructions(
        of samples: Tensor, report: (Double) throws -> Void
    ) rethrows -> Tensor {
        try inParts(samples.shape[0], report: report) { part in
            reconstruct(samples[part].cast(to: dataType))
        }
    }
}

extension Completes {
    /// Samples with what the model expects where something is missing.
    func completions(
        of samples: Tensor, report: (Double) throws -> Void
    ) rethrows -> Tensor {
        try inParts(samples.shape[0], report: report) { part in
            complete(Batch(samples[part].cast(to: dataType)))
        }
    }
}

/// What is made for some positions after others, one below the other. `count` is 1 at least.
func inParts(
    _ count: Int, of size: Int = 500, report: (Double) throws -> Void,
    _ make: (Range<Int>) -> Tensor
) rethrows -> Tensor {
    concatenated(
        try stride(from: 0, to: count, by: size).map { start in
            let part = start..<min(start + size, count)
            let made = make(part)
            try report(Double(part.upperBound) / Double(count))
            return made
        })
}
