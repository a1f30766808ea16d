import Autograd
import Datasets
import FileSupport
import Models

enum DisentangleCommand: Command {
    static let name = "disentangle"
    static let summary = "Measures how far each number of a code means one thing"
    static let operands = ["RUN"]
    static let options = [.seed] + TrainedRun.options + [.json]
    static let details = """
        Of data whose factors are known, such as --data factors: scores from 0 to 1 by the codes of
        10,000 training samples and 5,000 test samples, each beside that of the same codes with the
        factors in another order, which is what chance gives. Writes disentanglement.json to the run's
        folder.
        """

    private static let (trainingCount, testCount) = (10_000, 5000)

    static func run(_ arguments: Arguments) throws {
        let seed = try arguments.seed() ?? 0
        let trained = try TrainedRun(arguments)
        let encoder = try trained.encoder(for: name)
        let dataset = trained.experiment.dataset
        var generator = RandomGenerator(seed: seed)
        let training = dataset.training.drawn(trainingCount, using: &generator)
        let test = dataset.test.drawn(testCount, using: &generator)
        guard let factors = training.factors, let others = test.factors else {
            throw FileError(
                path: dataset.name,
                expected:
                    "samples whose factors are known, such as --data factors, as \(name) requires",
                found: "none")
        }
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin("codes")
        let codes = try [training, test].map {
            try trained.finiteCodes(of: $0, by: encoder, monitor: work.monitor)
        }
        let coded = CodedFactors(
            codes: concatenated(codes.map { $0.flattened() }),
            factors: Factors(factors.all, values: concatenated([factors.values, others.values])),
            trainingCount: training.count)
        work.begin("scores")
        let scores = try DisentanglementScores(of: coded, seed: seed, monitor: work.monitor)
        work.begin("scores by chance")
        let shuffled = try DisentanglementScores(
            of: coded.shuffled(using: &generator), seed: seed, monitor: work.monitor)
        try work.conclude()
        let result = DisentanglementResult(
            run: trained.run.path, factors: coded.factors.map(\.name),
            trainingSamples: training.count, testSamples: test.count, scores: scores,
            shuffled: shuffled)
        try JSON.write(result, to: trained.run.file(RunFile.disentanglement))
        if arguments.has(.json) {
            try StandardStreams.write(json: result)
        } else {
            try StandardStreams.write(result.text)
        }
    }
}

/// How far the codes of a run mean one thing: the output of `--json`, and a file in the run's folder.
struct DisentanglementResult: Codable {
    let run: String
    let factors: [String]
    let trainingSamples: Int
    let testSamples: Int
    let scores: DisentanglementScores
    let shuffled: DisentanglementScores

    var text: String {
        let (rows, others) = (scores.titled, shuffled.titled)
        let width = rows.map(\.title.count).max() ?? 0
        func line(_ cells: [String]) -> String {
            let widths = [width, 9]
            let padded = zip(cells, widths).map { cell, width in
                cell + String(repeating: " ", count: max(0, width - cell.count))
            }
            return "  " + (padded + [cells[2]]).joined(separator: "  ") + "\n"
        }
        return "What numbers of codes say of \(factors.joined(separator: ", ")):\n"
            + line(["", "codes", "by chance"])
            + zip(rows, others).map { row, other in
                line([row.title, Format.number(row.value), Format.number(other.value)])
            }.joined()
    }
}

extension DisentanglementScores {
    /// The scores under their names in JSON, with titles for readers.
    var titled: [(name: String, title: String, value: Double)] {
        [
            ("mutualInformationGap", "Mutual information gap", mutualInformationGap),
            (
                "separatedAttributePredictability", "Separated attribute predictability",
                separatedAttributePredictability
            ),
            ("disentanglement", "Disentanglement (DCI)", disentanglement),
            ("completeness", "Completeness (DCI)", completeness),
            ("informativeness", "Informativeness (DCI)", informativeness),
            ("factorVAE", "FactorVAE score", factorVAE), ("modularity", "Modularity", modularity),
            ("explicitness", "Explicitness", explicitness),
        ]
    }
}
