import Autograd
import Datasets
import Models

extension Pictures {
    /// Test images in rows: the image, what is kept of it, and versions of it whose other rows of pixels are
    /// drawn.
    func completions<Failure>(
        by model: any DrawsPixels, count: Int, keepingRows rows: Int, versions: Int, seed: UInt64,
        monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Picture {
        let examples = testExamples(count)
        var generator = RandomGenerator(seed: seed)
        let batch = examples.batch(
            at: Array(0..<count), as: dataType, using: &generator)
        let height = batch.input.rank - 2
        let kept = batch.input.sliced(axis: height, 0..<rows).padded(
            batch.input.shape.indices.map {
                ($0 == height ? (0, batch.input.shape[height] - rows) : (0, 0))
            })
        let completed = try inParts(versions, of: 1, monitor) { _ in
            model.completed(batch, keepingRows: rows, using: &generator).expandingAxis(0)
        }
        let columns = concatenated([stacked([batch.input, kept]), completed])
        let order = [1, 0] + Array(2..<columns.rank)
        return tiles.picture(
            of: columns.transposed(order).reshaped([-1] + batch.input.shape.dropFirst()),
            columns: 2 + versions)
    }
}
