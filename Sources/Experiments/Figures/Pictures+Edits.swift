import Autograd
import Datasets
import FileSupport
import LatentAnalysis
import Models

extension Pictures {
    /// A row for each attribute: a sample, and what its code decodes to after the attribute was added to
    /// it with each strength.
    ///
    /// - Parameters:
    ///   - vectors: of the flattened codes of the model.
    ///   - strengths: in units of the vectors; 0 leaves the code as it is.
    ///   - sample: one sample.
    func edits(
        by model: any Encodes & Decodes, _ vectors: [AttributeVector], strengths: [Double],
        of sample: Examples, monitor: ProgressMonitor<some Error>
    ) throws -> Picture {
        let code = model.codes(of: sample)
        let moves = vectors.flatMap { vector in strengths.map { vector.direction * $0 } }
        let moved = code.flattened() + stacked(moves).cast(to: code.dataType)
        let codes = CodePaths(of: model)
            .onto(moved.reshaped([moves.count] + code.shape.dropFirst()))
        let shape = dataset.test.shape
        let original = sample.scaled().cast(to: code.dataType)
        let decoded =
            try (model as? any DecodesOnto).map { model in
                try inParts(moves.count, monitor) { model.decode(codes[$0], onto: original) }
            } ?? model.samples(of: codes, monitor: monitor)
        let rows = concatenated(
            [
                original.expandingAxis(1).broadcast(to: [vectors.count, 1] + shape),
                decoded.reshaped([vectors.count, strengths.count] + shape),
            ], axis: 1)
        return SampleTiles(dataset.test).picture(
            of: rows.reshaped([-1] + shape), columns: 1 + strengths.count)
    }
}
