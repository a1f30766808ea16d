import Autograd
import Datasets
import Models

enum CompleteCommand: PictureCommand {
    static let name = "complete"
    static let summary = "Draws test images of which the lower part is drawn anew"
    static let count = CommandOption("count", "N", "number of images (default: 10)")
    static let keep = CommandOption(
        "keep-rows", "N", "rows of an image that are kept, from the top (default: half of them)")
    static let versions = CommandOption("versions", "N", "versions of each (default: 8)")
    static let seed = CommandOption("seed", "N", "seed of what is drawn (default: the run's)")
    static let options =
        [count, keep, versions, seed] + SymbolChoice.options + [.outputFile] + TrainedRun.options
    static let details = """
        For models that draw one pixel after another, such as pixelcnn: a row for each image, with the
        image itself, what is kept of it, and versions of the rest. A conditional model is told what is
        known of the image.
        """
    static let file = RunFile.completions

    static func drawing(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Drawing {
        let trained = try trained.choosingSymbols(arguments, for: name)
        guard let model = trained.model as? any DrawsPixels else {
            throw trained.unfit("pixels that it draws one by one", for: name)
        }
        let test = trained.experiment.dataset.test
        guard let image = ImageShape(test.shape) else { throw trained.unfit("images", for: name) }
        let rows =
            try arguments.integer(keep, in: 0...image.size.height) ?? image.size.height / 2
        let count = min(try arguments.count(count, otherwise: 10), test.count)
        let versions = try arguments.integer(versions, in: 1...100) ?? 8
        let seed = try arguments.seed() ?? trained.seed
        return Drawing(
            picture: try Pictures(of: trained.model, on: trained.experiment.dataset).completions(
                by: model, count: count, keepingRows: rows, versions: versions, seed: seed,
                monitor: monitor))
    }
}
