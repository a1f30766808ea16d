import Autograd

extension Workload {
    /// Elementwise chains, reductions, normalisations, rows of a table, attention.
    static let operations: [Workload] = [
        .kernel("eltwise_1m", .operations) { name in
            [Numbers.standardized("\(name)/x", [1 << 20])]
        } _: { inputs in
            let x = inputs[0]
            return [sigmoid(x) * tanh(x) + exp(-x * x)]
        },

        .kernel("sum_1m", .operations) { name in
            [Numbers.uniform("\(name)/x", [1 << 20])]
        } _: { inputs in
            [inputs[0].sum()]
        },

        .kernel("softmax_4096x512", .operations) { name in
            [Numbers.standardized("\(name)/x", [4096, 512])]
        } _: { inputs in
            [softmax(inputs[0])]
        },

        .kernel("layernorm_fb_4096x512", .operations) { name in
            [
                Numbers.standardized("\(name)/x", [4096, 512]),
                Numbers.uniform("\(name)/g", [512], from: 0.5, to: 1.5),
                Numbers.symmetric("\(name)/b", [512], bound: 0.5),
                Numbers.standardized("\(name)/dy", [4096, 512]),
            ]
        } _: { inputs in
            let (y, pullback) = valueWithPullback(at: inputs[0], inputs[1], inputs[2]) {
                layerNormalization($0, weight: $1, bias: $2)
            }
            let (x, weight, bias) = pullback(inputs[3])
            return [y, x, weight, bias]
        },

        .kernel("embedding_fb", .operations) { name in
            [
                Numbers.symmetric("\(name)/table", [10_000, 128], bound: 1),
                Numbers.indices("\(name)/idx", [8192], below: 10_000),
                Numbers.standardized("\(name)/dy", [8192, 128]),
            ]
        } _: { inputs in
            let (rows, pullback) = valueWithPullback(at: inputs[0]) { $0.gathered(at: inputs[1]) }
            return [rows, pullback(inputs[2])]
        },

        // Two products forward, four backward.
        .kernel(
            "attention_fb", .operations, operations: 6 * 2 * 32 * 4 * 128 * 128 * 32
        ) { name in
            ["q", "k", "v", "dy"].map { Numbers.standardized("\(name)/\($0)", [32, 4, 128, 32]) }
        } _: { inputs in
            let (y, pullback) = valueWithPullback(at: inputs[0], inputs[1], inputs[2]) {
                scaledDotProductAttention(query: $0, key: $1, value: $2)
            }
            let (queries, keys, values) = pullback(inputs[3])
            return [y, queries, keys, values]
        },
    ]
}
