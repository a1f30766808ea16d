import Datasets
import FileSupport
import Models

enum SurroundingsCommand: PictureCommand {
    static let name = "surroundings"
    static let summary = "Draws what lies near a sample, and how it changes with distance"
    static let draws = CommandOption("draws", "N", "codes at each distance (default: 10)")
    static let sample = CommandOption("sample", "N", "the test sample, from 1 (default: 1)")
    static let options: [CommandOption] =
        [draws, sample, .imageFile, .seed, .outputFile] + TrainedRun.options
    static let details = """
        Each row begins with the decoded code of the sample, followed by codes in random directions from
        it, the same in all rows, at a distance that grows from row to row: 0.1, 0.25, 0.5, 1 and 2 times
        the usual distance of a code from the mean of all. A table beside the picture tells the
        mean squared change of the decoded numbers at each distance.
        """
    static let file = RunFile.surroundings
    private static let distances = [0.1, 0.25, 0.5, 1, 2]

    static func drawing(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Drawing {
        let model = try trained.autoencoder(for: name)
        let (picture, changes) = try Pictures(of: model, on: trained.experiment.dataset)
            .surroundings(
                by: model, of: trained.sample(arguments, sample), distances: distances,
                draws: arguments.integer(draws, in: 1...100) ?? 10,
                seed: arguments.seed() ?? trained.seed, monitor: monitor)
        let rows = zip(distances, changes).map { ($0, $1.mean) }
        return Drawing(
            picture: picture,
            text: rows.map {
                "at \(Format.number($0)) times the usual distance: a mean squared change of "
                    + "\(Format.number($1))\n"
            }.joined(),
            table: CSV.Table(
                header: ["distance", "mean squared change"],
                rows: rows.map { ["\($0)", "\($1)"] }))
    }
}
