import Autograd
import Datasets
import FileSupport
import Models

extension HasCodebook {
    /// What draws symbols for the model to decode, if it has been trained in the folder of its run; nil if
    /// not.
    ///
    /// - Throws: if its symbols are not those of the model.
    func prior(in run: TrainingRun, on dataset: Dataset) throws -> (any DrawsPixels)? {
        let path = run.file(RunFile.prior)
        guard TrainingRun.exists(at: path) else { return nil }
        let trained = try TrainingRun.open(at: path)
        guard trained.hasCheckpoint else { return nil }
        let samples = trained.configuration.samples
        let grid = indices(of: dataset.test.batch(0..<1, as: dataType)).shape.dropFirst()
        guard let prior = try trained.model() as? any DrawsPixels, let symbols = samples.symbols,
            symbols <= codebook.shape[0], samples.sampleShape == Array(grid)
        else {
            throw FileError(
                path: path,
                expected: "a model of \(codebook.shape[0]) symbols in grids of \(Array(grid)), as "
                    + "tapestry train pixelcnn --data \(run.path) makes it",
                found: "one of the recipe \(trained.configuration.recipe) for samples of shape "
                    + "\(samples.sampleShape)")
        }
        return prior
    }
}
