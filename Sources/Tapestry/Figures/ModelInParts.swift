import Autograd
import Datasets
import Models

/// What a model makes of many samples, some at a time, so that memory is needed for those alone.
///
/// `report` is told after each part how much of the whole is done, from 0 to 1; what it throws
/// ends the work.
extension AutoencoderModel {
    /// The data type of the parameters, and so of what the model takes.
    var tensorType: DataType { parameters.first?.tensor.dataType ?? .float32 }

    /// The mean codes of all examples.
    func codes(of examples: Examples, report: (Double) throws -> Void) rethrows -> Tensor {
        try inParts(examples.count, report: report) { part in
            encode(examples[Array(part)].scaled().cast(to: tensorType))
        }
    }

    /// The same, told to nobody.
    func codes(of examples: Examples) -> Tensor { codes(of: examples, report: { _ in }) }

    /// The expected samples of codes.
    func samples(of codes: Tensor, report: (Double) throws -> Void) rethrows -> Tensor {
        try inParts(codes.shape[0], report: report) { decode(codes[$0]) }
    }

    /// The expected samples of the mean codes of samples.
    func reconstructions(
        of samples: Tensor, report: (Double) throws -> Void
    ) rethrows -> Tensor {
        try inParts(samples.shape[0], report: report) { part in
            reconstruct(samples[part].cast(to: tensorType))
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
