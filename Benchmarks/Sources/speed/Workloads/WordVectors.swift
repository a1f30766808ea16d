import Autograd
import Models

extension Workload {
    /// Word vectors by skip-gram with negative samples (Mikolov et al., arXiv:1310.4546): with an
    /// optimiser that visits all 10,000 rows of both tables, and with two that visit only the
    /// rows that a step looks up.
    static let wordVectors: [Workload] = [
        wordVectors("word2vec_sgns") { numbers, batch in
            Training.adam(
                WordVectors(numbers), numbers: numbers, batch: batch.count
            ) { model, _ in
                model.loss(batch) / 1024
            }
        },

        wordVectors("word2vec_sgns_sparseadam") { numbers, batch in
            let start = WordVectors(numbers)
            let state = SparselyTrained(
                model: start, words: SparseAdam(for: start.words.weight),
                contexts: SparseAdam(for: start.contexts.weight))
            return Training(
                numbers: numbers, from: state, changed: 3 * batch.distinctParameters,
                batch: batch.count
            ) { state, _ in
                [state.step(batch) { $0 / 1024 }]
            }
        },

        wordVectors("word2vec_sgns_sgd", numbers: "word2vec_sgns_sgd") { numbers, batch in
            let rule = SparseSGD(learningRate: 0.025)
            let state = SparselyTrained(model: WordVectors(numbers), words: rule, contexts: rule)
            return Training(
                numbers: numbers, from: state, changed: batch.distinctParameters,
                batch: batch.count
            ) { state, _ in
                [state.step(batch) { $0 }]
            }
        },
    ]

    private static func wordVectors(
        _ name: String, numbers: String = "word2vec_sgns",
        _ training: @escaping @Sendable (_ numbers: String, WordVectors.Batch) -> any Exercise
    ) -> Workload {
        Workload(
            name: name, group: .training, operations: 3 * denseOperations(1024 * 6, 100, 1)
        ) {
            training(numbers, WordVectors.Batch(numbers))
        }
    }
}

private struct WordVectors: Module {
    var words: Embedding
    var contexts: Embedding

    /// A word, a word from around it, and five that are not, 1,024 times.
    struct Batch {
        let words: Tensor
        let neighbours: Tensor
        let others: Tensor

        init(_ numbers: String) {
            words = Numbers.indices("\(numbers)/c", [1024], below: 10_000)
            neighbours = Numbers.indices("\(numbers)/pos", [1024], below: 10_000)
            others = Numbers.indices("\(numbers)/neg", [1024, 5], below: 10_000)
        }

        /// The neighbour, then the others: `[1024, 6]`.
        var contexts: Tensor { concatenated([neighbours.expandingAxis(1), others], axis: 1) }

        var count: Int { words.count + neighbours.count + others.count }

        /// How many parameters belong to the words in it.
        var distinctParameters: Int {
            [words, contexts].reduce(0) { $0 + 100 * Set($1.elements(as: Int32.self)).count }
        }
    }

    init(_ numbers: String) {
        var generator = RandomGenerator(seed: 0)
        words = Embedding(10_000, 100, using: &generator)
        contexts = Embedding(10_000, 100, using: &generator)
        self = starting(
            numbers, names: ["words": "win", "contexts": "wout"],
            bounds: ["words.weight": 0.5, "contexts.weight": 0.5])
    }

    func loss(_ batch: Batch) -> Tensor {
        negativeSamplingLoss(words(batch.words), contexts(batch.contexts))
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("words", &words)
        visitor("contexts", &contexts)
    }
}

/// −log σ(u · v) − Σ log σ(−u · w) for a neighbour v and the others w, summed over the words u:
/// `[batch, size]` and `[batch, 6, size]`, the neighbour first.
private func negativeSamplingLoss(_ words: Tensor, _ contexts: Tensor) -> Tensor {
    let signs = Tensor([1, -1, -1, -1, -1, -1] as [Float])
    return -logSigmoid(signs * dotProducts(contexts, words.expandingAxis(1))).sum()
}

/// The same model, of which a step reads and changes only the rows of its words.
private struct SparselyTrained<Rule: SparseOptimizer> {
    var model: WordVectors
    var words: Rule
    var contexts: Rule

    mutating func step(
        _ batch: WordVectors.Batch, _ scaled: (_ sum: Tensor) -> Tensor
    ) -> Tensor {
        let around = batch.contexts
        let (loss, gradients) = valueWithGradient(
            at: model.words.weight.gathered(at: batch.words),
            model.contexts.weight.gathered(at: around)
        ) { words, contexts in
            scaled(negativeSamplingLoss(words, contexts))
        }
        words.update(&model.words.weight, at: batch.words, along: gradients.0)
        contexts.update(&model.contexts.weight, at: around, along: gradients.1)
        for table in model.tensors { table.finish() }
        return loss
    }
}
