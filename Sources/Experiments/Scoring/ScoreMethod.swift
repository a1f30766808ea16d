import Models

/// A measure of how much a sample differs from the training samples.
enum ScoreMethod: String, CaseIterable {
    /// Three of the following as one: the error of its reconstruction, its distance from the bulk and
    /// the random splits.
    case ensemble
    /// The error of its reconstruction.
    case reconstruction
    /// The Mahalanobis distance of its code from the mean of the training codes.
    case mahalanobis
    /// The distance of its code from the nearest training codes.
    case neighbours
    /// Its squared distance from the subspace of the training samples' principal components, with
    /// as many components as a code: a baseline that does not use the model.
    case components
    /// Its distance from the bulk of the training samples: a baseline that does not use the model.
    case bulk
    /// How few random splits separate it from training samples: a baseline, too.
    case forest
    /// Its negative log-likelihood, or a bound on it, for models that compute it.
    case likelihood

    /// Whether it is about the codes or the reconstructions of a model.
    var needsCodes: Bool { ![.likelihood, .bulk, .forest].contains(self) }

    /// What its number means, in one sentence; nil if its name says it.
    var explanation: String? {
        guard self == .ensemble else { return nil }
        return
            "The score is the mean of three scores on one scale, on which a usual training row is "
            + "at 0 and one more unusual than 19 of 20 at 1 (the error of the reconstruction, the "
            + "distance from the bulk of the training rows, and how few random splits separate the "
            + "row from them): the higher, the more unusual."
    }

    /// The default method for a model, of table rows or of other samples.
    init(usualFor model: any Module, ofTable: Bool) {
        if !(model is any Encodes), model is any Scores {
            self = .likelihood
        } else {
            self = ofTable ? .ensemble : .reconstruction
        }
    }
}
