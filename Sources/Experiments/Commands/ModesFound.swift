import Autograd
import Datasets
import FileSupport
import Models

/// In how many modes of points the samples of a model lie: what `evaluate --quality` tells of data that
/// are no images.
struct ModesFound: Encodable {
    let samples: Int
    /// What the codes of new samples are drawn from.
    let prior: String
    let modes: Int
    let found: Int
    /// The fraction of the samples within three standard deviations of a mode's centre.
    let goodShare: Double
    /// The same of test samples.
    let goodShareOfTest: Double

    init(of made: Tensor, prior: PriorChoice, beside test: Tensor, in modes: ModeCoverage.Modes) {
        let coverage = ModeCoverage(of: made, in: modes)
        samples = made.shape[0]
        self.prior = prior.name
        (self.modes, found) = (coverage.counts.count, coverage.found)
        goodShare = coverage.goodShare
        goodShareOfTest = ModeCoverage(of: test, in: modes).goodShare
    }

    var text: String {
        """
        Modes of \(Format.count(samples)) samples:
        \(columns([
            ("Modes found", "\(found) of \(modes)"),
            ("Samples within 3 deviations of a mode", Format.percentage(goodShare)),
            ("Test samples within them", Format.percentage(goodShareOfTest)),
        ]))
        """
    }
}

extension ModeCoverage.Modes {
    /// The modes of points, which are their labels.
    ///
    /// - Throws: if there are none, or they do not lie apart.
    init(of dataset: Dataset, for command: String) throws(FileError) {
        func unfit(_ found: String) -> FileError {
            FileError(
                path: dataset.name,
                expected: "images, or points whose labels are modes that lie apart, as "
                    + "\(command) requires", found: found)
        }
        guard dataset.training.shape.count == 1 else {
            throw unfit("samples of shape \(dataset.training.shape)")
        }
        guard let labels = dataset.training.labels else { throw unfit("no labels") }
        self.init(of: dataset.training.scaled(), labels: labels)
        guard deviations.count > 1, areApart else {
            throw unfit("labels of samples that lie among each other")
        }
    }
}
