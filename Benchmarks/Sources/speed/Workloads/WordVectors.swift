import Autograd
import Models

extension Workload {
    /// Word vectors by skip-gram with negative samples (Mikolov et al., arXiv:1310.4546), with
    /// three optimisers.
    static let wordVectors: [Workload] = [
        // The dense optimiser visits all 10,000 rows of both tables.
        wordVectors("word2vec_sgns") { batch in
            Training.adam(
                WordVectors.start, numbers: "word2vec_sgns", batch: batch.count
            ) { model, _ in
                model.loss(batch) / 1024
            }
        }
    ]

    private static func wordVectors(
        _ name: String, _ training: @escaping @Sendable (WordVectors.Batch) -> any Exercise
    ) -> Workload {
        Workload(
            name: name, group: .training, operations: 3 * denseOperations(1024 * 6, 100, 1)
        ) {
            training(WordVectors.Batch())
        }
    }
}

private struct WordVectors: Module {
    var words: Embedding
    var contexts: Embedding

    /// A word, a word from around it, and five that are not, 1,024 times.
    struct Batch {
        let words = Numbers.indices("word2vec_sgns/c", [1024], below: 10_000)
        let contexts = Numbers.indices("word2vec_sgns/pos", [1024], below: 10_000)
        let others = Numbers.indices("word2vec_sgns/neg", [1024, 5], below: 10_000)

        var count: Int { words.count + contexts.count + others.count }
    }

    static var start: WordVectors {
        var generator = RandomGenerator(seed: 0)
        return WordVectors(
            words: Embedding(10_000, 100, using: &generator),
            contexts: Embedding(10_000, 100, using: &generator)
        ).starting(
            "word2vec_sgns", names: ["words": "win", "contexts": "wout"],
            bounds: ["words.weight": 0.5, "contexts.weight": 0.5])
    }

    /// The sum over the batch of −log σ(u · v) − Σ log σ(−u · w) over the five others w.
    func loss(_ batch: Batch) -> Tensor {
        let u = words(batch.words)
        let together = (u * contexts(batch.contexts)).sum(axes: [1])
        let apart = matmul(contexts(batch.others), u.expandingAxis(2))
        return -(logSigmoid(together).sum() + logSigmoid(-apart).sum())
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("words", &words)
        visitor("contexts", &contexts)
    }
}
