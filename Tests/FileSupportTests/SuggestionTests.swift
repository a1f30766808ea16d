import FileSupport
import Testing

@Suite struct SuggestionTests {
    @Test(arguments: [
        ("", "", 0), ("abc", "", 3), ("", "abc", 3), ("vae", "vae", 0), ("vea", "vae", 1),
        ("kitten", "sitting", 3), ("epoch", "epochs", 1), ("ca", "abc", 3),
    ])
    func editDistances(first: String, second: String, expected: Int) {
        #expect(editDistance(first, second) == expected)
        #expect(editDistance(second, first) == expected)
    }

    @Test(arguments: [
        ("trian", "train"), ("TRAIN", "train"), ("recon", "reconstruct"), ("smaple", "sample"),
        ("reports", "report"), ("embd", "embed"),
    ])
    func findsTheCommandMeant(typed: String, meant: String) {
        let commands = ["list", "train", "evaluate", "reconstruct", "sample", "report", "embed"]
        #expect(nearest(to: typed, in: commands) == meant)
    }

    @Test func suggestsNothingThatDoesNotResemble() {
        #expect(nearest(to: "zzzz", in: ["train", "vae"]) == nil)
        #expect(nearest(to: "vae", in: []) == nil)
        #expect(nearest(to: "", in: ["train"]) == nil)
        #expect(nearest(to: "beta", in: ["data", "epochs"]) == nil)
    }

    @Test func firstAmongEqualsWins() {
        #expect(nearest(to: "bat", in: ["cat", "hat"]) == "cat")
    }

    @Test func anExactNameBeatsALongerOne() {
        #expect(nearest(to: "vae", in: ["vae-large", "vae"]) == "vae")
    }
}
